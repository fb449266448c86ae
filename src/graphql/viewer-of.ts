import type { IncomingMessage } from 'node:http';
import { AuthenticationUnavailableError, UnauthenticatedError } from '../access/errors.ts';
import type { Authenticate } from '../access/token.ts';
import type { Viewer } from '../access/viewer.ts';
import { authenticationUnavailable, unauthenticated } from './refusals.ts';

/**
 * The caller, by all `Authorization` headers; null when there is none.
 *
 * @throws {GraphQLError} `UNAUTHENTICATED` or `AUTHENTICATION_UNAVAILABLE`
 */
export async function viewerOf(
  authenticate: Authenticate,
  headers: readonly string[],
): Promise<Viewer | null> {
  try {
    return await authenticate(headers);
  } catch (error) {
    if (error instanceof UnauthenticatedError) throw unauthenticated('The token is not valid.');
    if (error instanceof AuthenticationUnavailableError) throw authenticationUnavailable();
    throw error;
  }
}

/** The `Authorization` headers of a request. Of several, Node's `headers` would show the first alone. */
export const authorizationOf = ({ headersDistinct }: IncomingMessage): readonly string[] =>
  headersDistinct.authorization ?? [];
