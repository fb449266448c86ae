import type { ServerResponse } from 'node:http';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import type { AnswerType } from '../accept.ts';
import { told } from '../told.ts';

/** What an error says of the HTTP answer. `spec`: not to clients of before `application/graphql-response+json`. */
interface Http {
  status?: number;
  headers?: Record<string, string>;
  spec?: boolean;
}

const httpOf = ({ extensions }: GraphQLError): Http => extensions['http'] ?? {};

function end(response: ServerResponse, type: AnswerType, status: number, body: string): void {
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

/** Answers what an operation came to. Errors are told already; the operation was executed, so the status is 200. */
export function writeResult(
  response: ServerResponse,
  type: AnswerType,
  { data, errors }: { data: unknown; errors: readonly GraphQLFormattedError[] | undefined },
): void {
  end(response, type, 200, JSON.stringify(errors ? { errors, data } : { data }));
}

/** Answers why nothing was executed. */
export function writeRefusal(response: ServerResponse, type: AnswerType, error: GraphQLError): void {
  const { status = 500, headers = {}, spec = false } = httpOf(error);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  const isLegacy = spec && type === 'application/json';
  end(response, type, isLegacy ? 200 : status, JSON.stringify({ errors: [told(error)] }));
}
