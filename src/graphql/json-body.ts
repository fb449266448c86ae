import type { IncomingMessage } from 'node:http';
import { GraphQLError } from 'graphql';
import { badInput } from './refusals.ts';

/** A request's body as JSON. @throws {GraphQLError} `BAD_USER_INPUT`, or `PAYLOAD_TOO_LARGE` above the limit. */
export async function jsonBody(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Kept whole when it is left early, or the refusal could not be sent.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes)
      throw new GraphQLError('The body is too large.', { extensions: { code: 'PAYLOAD_TOO_LARGE' } });
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch {
    throw badInput('The body is not JSON.');
  }
}
