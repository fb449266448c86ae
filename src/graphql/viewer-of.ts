import { UnauthenticatedError, type Authenticate } from '../access/token.ts';
import type { Viewer } from '../access/viewer.ts';
import { unauthenticated } from './refusals.ts';

/** The caller, by the `Authorization` header; null when there is none. @throws {GraphQLError} `UNAUTHENTICATED` */
export async function viewerOf(authenticate: Authenticate, header: string | null): Promise<Viewer | null> {
  try {
    return await authenticate(header);
  } catch (error) {
    if (error instanceof UnauthenticatedError) throw unauthenticated('The token is not valid.');
    throw error;
  }
}
