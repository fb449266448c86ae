import { importJWK, type CryptoKey, type JWK } from 'jose';
import { z } from 'zod';
import { isAlgorithm, type Algorithm } from './algorithms.ts';

/** A public key that somebody signs tokens with, and the one algorithm that it is for. */
export interface PublishedKey {
  kid: string | undefined;
  algorithm: Algorithm;
  key: CryptoKey;
}

const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

/** RFC 7518, section 3.3. */
const MIN_RSA_BITS = 2_048;

/** What a key that does not say so is for, by its type. */
const ALGORITHM_OF: ReadonlyMap<string, Algorithm> = new Map([
  ['OKP Ed25519', 'EdDSA'],
  ['EC P-256', 'ES256'],
  ['RSA', 'RS256'],
]);

/** The algorithm of a key that verifies signatures; null when it does not, or not by an accepted one. */
function algorithmOf({ kty, crv, alg, use, key_ops: operations }: JWK): Algorithm | null {
  if (use !== undefined && use !== 'sig') return null;
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) return null;
  const byType = ALGORITHM_OF.get(crv === undefined ? `${kty}` : `${kty} ${crv}`);
  if (byType === undefined || alg === undefined) return byType ?? null;
  const fits = alg === byType || (byType === 'RS256' && alg === 'PS256');
  return fits && isAlgorithm(alg) ? alg : null;
}

async function readKey(jwk: JWK): Promise<PublishedKey | null> {
  const algorithm = algorithmOf(jwk);
  if (!algorithm) return null;
  const { kty, crv, x, y, n, e, kid } = jwk;
  try {
    // Only what is public: a set that has a private key in it by mistake is still one of public keys.
    const key = (await importJWK({ kty, crv, x, y, n, e } as JWK, algorithm)) as CryptoKey;
    const { modulusLength = MIN_RSA_BITS } = key.algorithm as { modulusLength?: number };
    return modulusLength < MIN_RSA_BITS ? null : { kid, algorithm, key };
  } catch {
    return null;
  }
}

/**
 * The keys of a JWK Set (RFC 7517, section 5) that tokens may be verified with. Others are left out: symmetric ones, ones
 * for encryption or for other algorithms, and ones that are none.
 *
 * @throws {Error} when it is no JWK Set, or none of its keys is of use.
 */
export async function readPublishedKeys(json: string): Promise<readonly PublishedKey[]> {
  const { keys } = keySet.parse(JSON.parse(json));
  const read = await Promise.all(keys.map((jwk) => readKey(jwk as JWK)));
  const usable = read.filter((key) => key !== null);
  if (usable.length === 0) throw new Error('the set holds no key that could verify a token');
  return usable;
}
