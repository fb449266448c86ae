import type { IncomingMessage } from 'node:http';
import { AuthenticationUnavailableError, UnauthenticatedError } from '../access/errors.ts';
import type { Authenticate } from '../access/token.ts';
import type { Viewer } from '../access/viewer.ts';
import { authenticationUnavailable, unauthenticated } from './refusals.ts';

/**
 * The caller, by the `Authorization` header; null when there is none. Of several, Node would show the first alone.
 *
 * @throws {GraphQLError} `UNAUTHENTICATED` or `AUTHENTICATION_UNAVAILABLE`
 */
export async function viewerOf(
  authenticate: Authenticate,
  { headersDistinct }: IncomingMessage,
): Promise<Viewer | null> {
  try {
    return await authenticate(headersDistinct.authorization ?? []);
  } catch (error) {
    if (error instanceof UnauthenticatedError) throw unauthenticated('The token is not valid.');
    if (error instanceof AuthenticationUnavailableError) throw authenticationUnavailable();
    throw error;
  }
}
