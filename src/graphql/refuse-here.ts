import type { ServerResponse } from 'node:http';
import type { GraphQLError } from 'graphql';
import type { AnswerType } from './accept.ts';
import { CHALLENGE } from './refusals.ts';
import { told } from './told.ts';

const STATUS: Record<string, number> = {
  BAD_USER_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  NOT_ACCEPTABLE: 406,
  CONFLICT: 409,
  RATE_LIMITED: 429,
  AUTHENTICATION_UNAVAILABLE: 503,
};

/** Answers errors in the form of GraphQL where Yoga does not answer. */
export function refuseHere(
  response: ServerResponse,
  errors: readonly GraphQLError[],
  answerType: AnswerType = 'application/json',
): void {
  const { code, http } = (errors[0]?.extensions ?? {}) as { code?: string; http?: { status?: number } };
  const status = STATUS[String(code)] ?? http?.status ?? 500;
  const type = { 'content-type': `${answerType}; charset=utf-8` };
  response.writeHead(status, { ...type, ...(status === 401 && CHALLENGE) });
  response.end(JSON.stringify({ errors: errors.map(told) }));
}
