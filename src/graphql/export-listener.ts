import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { GraphQLError } from 'graphql';
import { z } from 'zod';
import type { Authenticate } from '../access/token.ts';
import { CustomerNotFoundError } from '../customer/customer.ts';
import { InvalidInputError } from '../customer/errors.ts';
import { exportCustomer } from '../customer/export.ts';
import { charge } from './charge.ts';
import { newContext, type Context, type Parts } from './context.ts';
import { decodeId, encodeId } from './ids.ts';
import { maskError } from './mask.ts';
import { EXPORT_POINTS } from './prices.ts';
import { refuseHere } from './refuse-here.ts';
import { badInput, forbidden } from './refusals.ts';
import { jsonBody } from './request-body.ts';
import { currentRequestId } from './request-scope.ts';
import { whenTokenEnds } from './until-token-ends.ts';
import { authorizationOf, viewerOf } from './viewer-of.ts';

export const EXPORT_PATH = '/export';

const input = z.strictObject({ customerId: z.string(), reason: z.string() });

/** The errors that a mutation has types for, as this way in tells them. */
function toldHere(error: unknown): unknown {
  if (error instanceof CustomerNotFoundError)
    return new GraphQLError(error.message, { extensions: { code: 'NOT_FOUND' } });
  if (!(error instanceof InvalidInputError)) return error;
  return badInput(error.issues.map(({ path, message }) => `${path}: ${message}`).join(' '));
}

function checkScope(context: Context): void {
  if (!context.known().scopes.has('customers:export')) throw forbidden('customers:export');
}

function open(context: Context, body: unknown): Promise<AsyncGenerator<string>> {
  const parsed = input.safeParse(body);
  if (!parsed.success) throw badInput('Send {"customerId": "…", "reason": "…"}.');
  const { reason } = parsed.data;
  const customerId = decodeId('Customer', parsed.data.customerId);
  const request = { customerId, reason, idOf: encodeId };
  return exportCustomer(context.parts.erasures, context.caller(), context.accounts('FRESH'), request);
}

/** Whether an error says no more than that the client is gone. */
const isCut = (error: unknown): boolean =>
  ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE'].includes(String((error as { code?: unknown }).code));

/** The request listener that streams the export of one customer: `{"customerId", "reason"}` to a JSON file. */
export function exportListener(parts: Parts, authenticate: Authenticate) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const gone = new AbortController();
    let callOff: (() => void) | undefined;
    response.once('close', () => {
      gone.abort();
      callOff?.();
    });
    try {
      const viewer = await viewerOf(authenticate, authorizationOf(request));
      callOff = viewer ? whenTokenEnds(viewer, parts.revocations, () => response.destroy()) : undefined;
      const context = newContext(parts, { viewer, fromRouter: false }, currentRequestId(), () => gone.signal);
      checkScope(context);
      await charge(parts, viewer, EXPORT_POINTS, response);
      const chunks = await open(context, await jsonBody(request));
      response.setHeader('content-type', 'application/json; charset=utf-8');
      response.setHeader('content-disposition', 'attachment; filename="customer.json"');
      await pipeline(chunks, response);
    } catch (error) {
      if (gone.signal.aborted && isCut(error)) return;
      const told = maskError(toldHere(error), currentRequestId(), parts.log);
      if (response.headersSent) response.destroy();
      else refuseHere(response, [told]);
    }
  };
}
