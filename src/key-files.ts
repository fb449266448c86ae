import type { KeyObject } from 'node:crypto';
import { RouterTokens } from './access/router-token.ts';
import { HOW_TO_MAKE_A_KEY } from './config-variables.ts';
import { readFingerprintKey } from './erasure/fingerprint-key.ts';
import { readNamedFile } from './named-file.ts';
import { readPrivateKeys } from './signing/private-keys.ts';

/** The private keys of SIGNING_KEY_FILE, in PEM. */
export function readSigningKeys(file: string | undefined, lines: string[]): string {
  const pem = file === undefined ? null : readNamedFile('SIGNING_KEY_FILE', file, lines);
  if (pem === null) return '';
  try {
    readPrivateKeys(pem);
  } catch (error) {
    lines.push(`SIGNING_KEY_FILE names ${file}: ${(error as Error).message}`);
  }
  return pem;
}

/** The key of FINGERPRINT_KEY_FILE; null, and a line, when it holds none. */
export function readFingerprints(file: string | undefined, lines: string[]): KeyObject | null {
  const text = file === undefined ? null : readNamedFile('FINGERPRINT_KEY_FILE', file, lines);
  const key = text === null ? null : readFingerprintKey(text);
  if (text !== null && !key)
    lines.push(`FINGERPRINT_KEY_FILE names a file without 32 bytes as base64 or hex; ${HOW_TO_MAKE_A_KEY}`);
  return key;
}

/** The tokens of ROUTER_TOKENS_FILE; none without it. */
export function readRouterTokens(file: string | undefined, lines: string[]): RouterTokens {
  const text = file === undefined ? null : readNamedFile('ROUTER_TOKENS_FILE', file, lines);
  const tokens = text === null ? new RouterTokens([]) : RouterTokens.read(text);
  if (!tokens)
    lines.push(`ROUTER_TOKENS_FILE names a file that is not one token a line; ${HOW_TO_MAKE_A_KEY}`);
  return tokens ?? new RouterTokens([]);
}
