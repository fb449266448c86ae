import { isAlgorithm, type Algorithm } from './algorithms.ts';
import { UnauthenticatedError } from './errors.ts';
import { readPart } from './token-part.ts';

/** What a token's header says that is acted on: it chooses among the keys that are trusted already. */
export interface TokenHeader {
  alg: Algorithm;
  kid: string | undefined;
}

/** They bring or point to a key of the sender's own, or change what the token means (RFC 7515, 7516 and 7797). */
const REFUSED = ['jku', 'jwk', 'x5u', 'x5c', 'crit', 'b64', 'enc', 'zip'];
const MAX_KID_LENGTH = 255;

/** A media type without what may be left out of it (RFC 7515, section 4.1.9). */
export const mediaType = (type: string): string => type.toLowerCase().replace(/^application\//, '');

/**
 * The protected header of a compact JWS.
 *
 * @param types - The values of `typ` that are accepted, as {@link mediaType} gives them (RFC 8725, section 3.11).
 * @throws {UnauthenticatedError}
 */
export function readHeader(jws: string, types: readonly string[]): TokenHeader {
  const header = readPart(jws.split('.')[0]!);
  const { alg, kid, typ } = header;
  if (REFUSED.some((name) => Object.hasOwn(header, name)))
    throw new UnauthenticatedError('the header asks for what is not done here');
  if (!isAlgorithm(alg)) throw new UnauthenticatedError('the algorithm is not accepted');
  if (typeof typ !== 'string' || !types.includes(mediaType(typ)))
    throw new UnauthenticatedError('the token is not of an accepted type');
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > MAX_KID_LENGTH))
    throw new UnauthenticatedError('the key id is not one');
  return { alg, kid };
}
