import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Algorithm } from './access/algorithms.ts';
import type { TokenSettings } from './access/token.ts';
import type { Variables } from './config-variables.ts';
import { readNamedFile } from './named-file.ts';

/** RFC 7518, section 3.3. */
const MIN_RSA_BITS = 2_048;

const isEd25519 = ({ asymmetricKeyType }: KeyObject): boolean => asymmetricKeyType === 'ed25519';
const isP256 = ({ asymmetricKeyDetails }: KeyObject): boolean =>
  asymmetricKeyDetails?.namedCurve === 'prime256v1';
const isRsa = ({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean =>
  asymmetricKeyType === 'rsa' && asymmetricKeyDetails!.modulusLength! >= MIN_RSA_BITS;

const FITS: Record<Algorithm, (key: KeyObject) => boolean> = {
  EdDSA: isEd25519,
  ES256: isP256,
  RS256: isRsa,
  PS256: isRsa,
};

/** Whether a text is one public key in PEM (SPKI) that an algorithm verifies with. */
function isKeyFor(algorithm: Algorithm, pem: string): boolean {
  try {
    return pem.trimStart().startsWith('-----BEGIN PUBLIC KEY-----') && FITS[algorithm](createPublicKey(pem));
  } catch {
    return false;
  }
}

function readKeyFile(file: string, algorithm: Algorithm, lines: string[]): TokenSettings['key'] {
  const publicKey = readNamedFile('AUTH_PUBLIC_KEY_FILE', file, lines);
  if (publicKey !== null && !isKeyFor(algorithm, publicKey))
    lines.push(`AUTH_PUBLIC_KEY_FILE names ${file}: it is not a public key, PEM (SPKI), for ${algorithm}`);
  return { publicKey: publicKey ?? '', algorithm };
}

/** Where the keys come from that sign tokens. */
function readKey(
  hasUrl: boolean,
  {
    AUTH_JWKS_URL: jwksUrl,
    AUTH_PUBLIC_KEY_FILE: file,
    AUTH_ALGORITHM: algorithm = 'EdDSA',
  }: Partial<Variables>,
  lines: string[],
): TokenSettings['key'] {
  if (hasUrl && file) lines.push('AUTH_JWKS_URL and AUTH_PUBLIC_KEY_FILE are both set');
  if (jwksUrl) return { jwksUrl };
  if (file) return readKeyFile(file, algorithm, lines);
  if (!hasUrl)
    lines.push('AUTH_JWKS_URL or AUTH_PUBLIC_KEY_FILE is missing: where the keys come from that sign tokens');
  return { publicKey: '', algorithm };
}

/**
 * How tokens are told to be genuine, and read.
 *
 * @param hasUrl - Whether a URL is given, good or bad.
 * @param lines - Takes what is wrong.
 */
export function readTokenSettings(hasUrl: boolean, read: Partial<Variables>, lines: string[]): TokenSettings {
  const key = readKey(hasUrl, read, lines);
  const settings = read as Variables;
  return {
    issuer: settings.AUTH_ISSUER,
    audience: settings.AUTH_AUDIENCE,
    key,
    types: settings.AUTH_TOKEN_TYPES,
    maxAgeSeconds: settings.AUTH_MAX_AGE_SECONDS,
    claims: {
      subject: settings.AUTH_CLAIM_SUBJECT,
      role: settings.AUTH_CLAIM_ROLE,
      scopes: settings.AUTH_CLAIM_SCOPES,
      manager: settings.AUTH_CLAIM_MANAGER,
    },
  };
}
