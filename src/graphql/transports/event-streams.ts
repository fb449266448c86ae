import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { GraphQLError } from 'graphql';
import type { GraphQLParams } from 'graphql-yoga';
import { z } from 'zod';
import type { Authenticate } from '../../access/token.ts';
import type { Viewer } from '../../access/viewer.ts';
import { charge } from '../charge.ts';
import type { Parts } from '../context.ts';
import type { Execute } from '../execute.ts';
import { maskError } from '../mask.ts';
import { refuseHere } from '../refuse-here.ts';
import { badInput, unauthenticated } from '../refusals.ts';
import { jsonBody } from '../request-body.ts';
import { currentRequestId } from '../request-scope.ts';
import { whenTokenEnds } from '../until-token-ends.ts';
import { authorizationOf, viewerOf } from '../viewer-of.ts';
import { EventStream } from './event-stream.ts';

export const STREAM_PATH = '/graphql/stream';

/** Names the stream that a request is for. Never read from the URL, which others see. */
export const STREAM_HEADER = 'x-graphql-event-stream-token';

/** How long a stream that was reserved is waited for. */
const RESERVED_MS = 10_000;

interface Reservation {
  subject: string;
  stream: EventStream;
  callOff(): void;
}

const operation = z.looseObject({ extensions: z.looseObject({ operationId: z.string().min(1) }) });

const refusal = (message: string, code: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code } });

export interface StreamOptions {
  authenticate: Authenticate;
  execute: Execute;
}

/** The single connection mode of GraphQL over SSE (PROTOCOL.md of the package graphql-sse). */
export class EventStreams {
  readonly #parts: Parts;
  readonly #options: StreamOptions;
  readonly #reservations = new Map<string, Reservation>();

  constructor(parts: Parts, options: StreamOptions) {
    this.#parts = parts;
    this.#options = options;
  }

  /** Answers a request that the door has let in. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const viewer = await viewerOf(this.#options.authenticate, authorizationOf(request));
      if (!viewer) throw unauthenticated();
      if (request.method === 'PUT') return await this.#reserve(viewer, response);
      const { stream } = this.#reservationOf(request, viewer);
      if (request.method === 'GET') return this.#open(request, viewer, response);
      if (request.method === 'POST') return await this.#start(stream, viewer, request, response);
      const id = new URL(request.url!, 'http://localhost').searchParams.get('operationId');
      stream.operations.stop(id ?? '');
      response.end();
    } catch (error) {
      refuseHere(response, [this.#masked(error)]);
    }
  }

  #masked(error: unknown): GraphQLError {
    return maskError(error, currentRequestId(), this.#parts.log);
  }

  /** Ends all streams once their operations have ended. */
  close(): void {
    for (const { stream } of this.#reservations.values()) stream.close();
  }

  async #reserve(viewer: Viewer, response: ServerResponse): Promise<void> {
    await charge(this.#parts, viewer, 1, response);
    const token = randomBytes(32).toString('base64url');
    const timer = setTimeout(() => this.#release(token), RESERVED_MS).unref();
    const { subject } = viewer;
    const stream = new EventStream(this.#options.execute, (error) => void this.#masked(error));
    this.#reservations.set(token, { subject, stream, callOff: () => clearTimeout(timer) });
    response.writeHead(201, { 'content-type': 'text/plain; charset=utf-8' }).end(token);
  }

  /** Foreign and unknown look the same. */
  #reservationOf({ headersDistinct }: IncomingMessage, { subject }: Viewer): Reservation {
    const tokens = headersDistinct[STREAM_HEADER] ?? [];
    const reservation = tokens.length === 1 ? this.#reservations.get(tokens[0]!) : undefined;
    if (reservation?.subject === subject) return reservation;
    throw refusal(`\`${STREAM_HEADER}\` has to name a stream that was reserved by PUT.`, 'NOT_FOUND');
  }

  #open(request: IncomingMessage, viewer: Viewer, response: ServerResponse): void {
    const reservation = this.#reservationOf(request, viewer);
    const { stream } = reservation;
    if (stream.isOpen) throw refusal('The stream is open already.', 'CONFLICT');
    if (response.destroyed) return; // its client has gone while its token was read
    const token = String(request.headers[STREAM_HEADER]);
    reservation.callOff();
    response.once('close', () => this.#release(token));
    stream.open(response, viewer);
    reservation.callOff = whenTokenEnds(viewer, this.#parts.revocations, () => this.#release(token));
    if (!this.#reservations.has(token)) reservation.callOff();
  }

  async #start(
    { operations }: EventStream,
    viewer: Viewer,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const body = operation.safeParse(await jsonBody(request));
    if (!body.success) throw badInput('Send one operation, with an id for it in `extensions.operationId`.');
    const { operationId } = body.data.extensions;
    if (operations.has(operationId)) throw refusal('An operation has this id already.', 'CONFLICT');
    const params = body.data as GraphQLParams;
    const refusals = await operations.start(operationId, { viewer, params, response });
    if (refusals.length > 0) refuseHere(response, refusals);
    else response.writeHead(202).end();
  }

  #release(token: string): void {
    const reservation = this.#reservations.get(token);
    this.#reservations.delete(token);
    reservation?.callOff();
    reservation?.stream.cut();
  }
}
