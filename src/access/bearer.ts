import { UnauthenticatedError } from './errors.ts';

const MAX_HEADER_LENGTH = 8_192;

/**
 * The token of the `Authorization` headers of a request (RFC 6750, section 2.1); null when none was sent.
 *
 * @throws {UnauthenticatedError} when there is more than one, or it is not `Bearer`, one space and a JWT.
 */
export function bearerOf([header, ...more]: readonly string[]): string | null {
  if (header === undefined) return null;
  if (more.length > 0) throw new UnauthenticatedError('there is more than one Authorization header');
  const token =
    header.length <= MAX_HEADER_LENGTH ? /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(header)?.[1] : null;
  if (!token) throw new UnauthenticatedError('the Authorization header is not "Bearer" and a JWT');
  return token;
}
