import type { ServerResponse } from 'node:http';
import type { GraphQLError } from 'graphql';
import { CHALLENGE } from './refusals.ts';

const STATUS: Record<string, number> = {
  BAD_USER_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  NOT_ACCEPTABLE: 406,
  RATE_LIMITED: 429,
  AUTHENTICATION_UNAVAILABLE: 503,
};

/** Answers an error in the form of GraphQL where no GraphQL is spoken. */
export function refuseHere(response: ServerResponse, { message, extensions }: GraphQLError): void {
  const { http: _http, ...told } = extensions;
  const status = STATUS[String(told['code'])] ?? 500;
  const type = { 'content-type': 'application/json; charset=utf-8' };
  response.writeHead(status, { ...type, ...(status === 401 && CHALLENGE) });
  response.end(JSON.stringify({ errors: [{ message, extensions: told }] }));
}
