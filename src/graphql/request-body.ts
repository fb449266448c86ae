import type { IncomingMessage } from 'node:http';
import { badInput } from './refusals.ts';

export const MAX_BODY_BYTES = 256 * 1024;

/** A request whose body may have been read: Yoga, like others, then takes it from there. */
type ReadRequest = IncomingMessage & { body?: Buffer };

/** The whole body; null when it is larger than a body may be. The request is kept whole, so that it can be refused. */
export function wholeBody(request: IncomingMessage): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const done = (body: Buffer | null): void => {
      request.off('data', take).off('end', end).off('error', reject);
      resolve(body);
    };
    const end = (): void => done(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      chunks.push(chunk);
      if (size <= MAX_BODY_BYTES) return;
      request.pause();
      done(null);
    };
    request.on('data', take).on('end', end).on('error', reject);
  });
}

/**
 * Whether the body is as small as a body must be. One that announces its length is left to be read: Node reads no more
 * than was announced. Another one (RFC 9112, section 7.1) is read here, and counted.
 */
export async function isSmallEnough(request: ReadRequest): Promise<boolean> {
  const length = request.headers['content-length'];
  if (length !== undefined) return Number(length) <= MAX_BODY_BYTES;
  const body = await wholeBody(request);
  if (body) request.body = body;
  return body !== null;
}

/** The body, which is small enough, as JSON. @throws {GraphQLError} `BAD_USER_INPUT` */
export async function jsonBody(request: ReadRequest): Promise<unknown> {
  const body = request.body ?? (await wholeBody(request));
  try {
    return JSON.parse(body!.toString('utf8')) as unknown;
  } catch {
    throw badInput('The body is not JSON.');
  }
}
