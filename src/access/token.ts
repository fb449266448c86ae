import { errors, importSPKI, jwtVerify, type CryptoKey } from 'jose';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Algorithm } from './algorithms.ts';
import { bearerOf } from './bearer.ts';
import { DEFAULT_CLAIM_NAMES, viewerOf, type ClaimNames } from './claims.ts';
import { UnauthenticatedError } from './errors.ts';
import { CLOCK_LEEWAY_SECONDS } from './leeway.ts';
import { RemoteKeys } from './remote-keys.ts';
import { mediaType, readHeader, type TokenHeader } from './token-header.ts';
import { decodePart, readPart } from './token-part.ts';
import type { Viewer } from './viewer.ts';

/** How tokens are told to be genuine, and read. */
export interface TokenSettings {
  issuer: string;
  audience: string;
  /** Where the keys come from: a JWK Set URL, or one public key as PEM (SPKI) with its algorithm. */
  key: { jwksUrl: string } | { publicKey: string; algorithm: Algorithm };
  /** The types of tokens that are accepted (`typ`). */
  types: readonly string[];
  /** A token that was issued longer ago is refused, whenever it expires. */
  maxAgeSeconds: number;
  claims: ClaimNames;
}

/** What holds where nothing else is said: access tokens by RFC 9068, and plain JWTs, of the last day. */
export const DEFAULT_TOKEN_RULES = {
  types: ['JWT', 'at+jwt'],
  maxAgeSeconds: 86_400,
  claims: DEFAULT_CLAIM_NAMES,
} satisfies Partial<TokenSettings>;

/** Reads who is calling from the `Authorization` headers of a request: a viewer, or null when there is none. */
export type Authenticate = (headers: readonly string[]) => Promise<Viewer | null>;

interface Keys {
  find(header: TokenHeader): Promise<CryptoKey>;
}

async function keysOf({ key: source }: TokenSettings, clock: Clock, log: Logger): Promise<Keys> {
  if ('jwksUrl' in source) return new RemoteKeys(source.jwksUrl, clock, log);
  const { publicKey, algorithm } = source;
  const key = await importSPKI(publicKey, algorithm);
  return {
    async find({ alg }) {
      if (alg !== algorithm) throw new UnauthenticatedError('the key is for another algorithm');
      return key;
    },
  };
}

/** The claims of a token that is signed with the key, for this audience, and in time. @throws {UnauthenticatedError} */
async function verify(token: string, key: CryptoKey, alg: Algorithm, settings: TokenSettings) {
  const { issuer, audience, maxAgeSeconds } = settings;
  const [, payload, signature] = token.split('.');
  decodePart(signature!);
  try {
    await jwtVerify(token, key, {
      issuer,
      audience,
      algorithms: [alg],
      clockTolerance: CLOCK_LEEWAY_SECONDS,
      maxTokenAge: maxAgeSeconds,
      requiredClaims: ['exp'],
    });
  } catch (cause) {
    if (cause instanceof errors.JOSEError)
      throw new UnauthenticatedError('the token is not valid', { cause });
    throw cause;
  }
  return readPart(payload!);
}

/**
 * Checks header, signature, issuer, audience, times and claims of a JWT (RFC 7519, RFC 8725, RFC 9068). Every flaw is an
 * {@link UnauthenticatedError}; without keys to check with it is an {@link AuthenticationUnavailableError}.
 */
export async function tokenReader(
  settings: TokenSettings,
  { clock, log }: { clock: Clock; log: Logger },
): Promise<Authenticate> {
  const keys = await keysOf(settings, clock, log);
  const types = settings.types.map(mediaType);
  return async (headers) => {
    const token = bearerOf(headers);
    if (token === null) return null;
    const header = readHeader(token, types);
    const key = await keys.find(header);
    const payload = await verify(token, key, header.alg, settings);
    return viewerOf(payload, settings.claims, settings.maxAgeSeconds);
  };
}
