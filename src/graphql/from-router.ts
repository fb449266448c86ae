import type { IncomingMessage } from 'node:http';
import { UnauthenticatedError } from '../access/errors.ts';
import type { RouterTokens } from '../access/router-token.ts';
import { unauthenticated } from './refusals.ts';

/**
 * Whether a federated router asks, by the `Router-Authorization` header.
 *
 * @throws {GraphQLError} `UNAUTHENTICATED` when there is one that is not accepted.
 */
export function isFromRouter(tokens: RouterTokens, { headersDistinct }: IncomingMessage): boolean {
  try {
    return tokens.accept(headersDistinct['router-authorization'] ?? []);
  } catch (error) {
    if (error instanceof UnauthenticatedError) throw unauthenticated('The router token is not valid.');
    throw error;
  }
}
