import { AuthenticationUnavailableError, UnauthenticatedError } from '../access/errors.ts';
import type { Authenticate } from '../access/token.ts';
import type { Viewer } from '../access/viewer.ts';
import type { Revocations } from './revocations.ts';

/** Refuses a token that was revoked, and every token while that cannot be told. */
export function unlessRevoked(authenticate: Authenticate, revocations: Revocations): Authenticate {
  const isRevoked = (viewer: Viewer): Promise<boolean> =>
    revocations.has(viewer).catch((cause: unknown) => {
      throw new AuthenticationUnavailableError('the revoked tokens could not be read', { cause });
    });
  return async (headers) => {
    const viewer = await authenticate(headers);
    if (viewer && (await isRevoked(viewer))) throw new UnauthenticatedError('the token was revoked');
    return viewer;
  };
}
