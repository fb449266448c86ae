import type { ServerResponse } from 'node:http';
import type { GraphQLFormattedError } from 'graphql';
import type { AnswerType } from '../accept.ts';

/** Answers what an operation came to. Errors are told already; the operation was executed, so the status is 200. */
export function writeResult(
  response: ServerResponse,
  type: AnswerType,
  { data, errors }: { data: unknown; errors: readonly GraphQLFormattedError[] | undefined },
): void {
  const body = JSON.stringify(errors ? { errors, data } : { data });
  response.writeHead(200, {
    'content-type': `${type}; charset=utf-8`,
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
