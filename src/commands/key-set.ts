import type { JSONWebKeySet } from 'jose';
import { jwkSet } from '../access/jwk-set.ts';
import { UsageError } from './usage-error.ts';

/**
 * A JWK Set (RFC 7517, section 5).
 *
 * @param text - JSON.
 * @param source - Where the text comes from, for the error.
 * @throws {UsageError}
 */
export function readKeySet(text: string, source: string): JSONWebKeySet {
  try {
    return jwkSet.parse(JSON.parse(text));
  } catch {
    throw new UsageError(`${source} is not a JWK Set (RFC 7517)`);
  }
}
