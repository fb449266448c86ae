import {
  createRemoteJWKSet,
  errors,
  importSPKI,
  jwtVerify,
  type CryptoKey,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import { z } from 'zod';
import { ROLES, scopesOf, type Viewer } from './viewer.ts';

/** How tokens are told to be genuine. */
export interface TokenSettings {
  issuer: string;
  audience: string;
  /** Where the keys come from: a JWK Set URL, or one public key as PEM (SPKI) with its algorithm. */
  key: { jwksUrl: string } | { publicKey: string; algorithm: Algorithm };
}

export const ALGORITHMS = ['EdDSA', 'ES256', 'RS256', 'PS256'] as const;

export type Algorithm = (typeof ALGORITHMS)[number];

/** The request carries no acceptable credential. */
export class UnauthenticatedError extends Error {
  override readonly name = 'UnauthenticatedError';
}

const CLOCK_LEEWAY_SECONDS = 5;
const MAX_HEADER_LENGTH = 8_192;

const claims = z
  .object({
    sub: z.string().min(1).max(255),
    exp: z.number(),
    role: z.enum(ROLES),
    scope: z.string().default(''),
    manager: z.string().min(1).max(255).optional(),
  })
  .refine((token) => token.role !== 'RESALE' || token.manager !== undefined, 'RESALE needs a manager');

function viewerOf(payload: JWTPayload): Viewer {
  const parsed = claims.safeParse(payload);
  if (!parsed.success) throw new UnauthenticatedError('the token does not carry the claims that are needed');
  const { sub, exp, role, scope, manager } = parsed.data;
  return {
    subject: sub,
    role,
    scopes: scopesOf(role, scope.split(' ')),
    manager: role === 'RESALE' ? (manager ?? null) : null,
    expiresAt: new Date(exp * 1000),
  };
}

/** The token of an `Authorization` header (RFC 6750, section 2.1), or null when none was sent. */
function bearerOf(header: string | null): string | null {
  if (header === null) return null;
  const token =
    header.length <= MAX_HEADER_LENGTH ? /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(header)?.[1] : null;
  if (!token) throw new UnauthenticatedError('the Authorization header is not "Bearer" and a JWT');
  return token;
}

async function keyOf(
  settings: TokenSettings,
): Promise<{ key: CryptoKey | JWTVerifyGetKey; algorithms: string[] }> {
  if ('jwksUrl' in settings.key) {
    return { key: createRemoteJWKSet(new URL(settings.key.jwksUrl)), algorithms: [...ALGORITHMS] };
  }
  const { publicKey, algorithm } = settings.key;
  return { key: await importSPKI(publicKey, algorithm), algorithms: [algorithm] };
}

/** Reads who is calling from an `Authorization` header: a viewer, or null when there is no header. */
export type Authenticate = (header: string | null) => Promise<Viewer | null>;

/**
 * Checks signature, algorithm, issuer, audience, expiry and claims of a JWT (RFC 7519, RFC 8725): `sub`, `exp`,
 * `role`, `scope` (space-delimited) and, for RESALE, `manager`. Every flaw is an {@link UnauthenticatedError}.
 */
export async function tokenReader(settings: TokenSettings): Promise<Authenticate> {
  const { key, algorithms } = await keyOf(settings);
  const { issuer, audience } = settings;
  const options = {
    issuer,
    audience,
    algorithms,
    clockTolerance: CLOCK_LEEWAY_SECONDS,
    requiredClaims: ['exp', 'sub'],
  };
  return async (header) => {
    const token = bearerOf(header);
    if (token === null) return null;
    try {
      const verify = jwtVerify as (
        jwt: string,
        key: CryptoKey | JWTVerifyGetKey,
        options: object,
      ) => Promise<{ payload: JWTPayload }>;
      return viewerOf((await verify(token, key, options)).payload);
    } catch (error) {
      if (error instanceof errors.JOSEError)
        throw new UnauthenticatedError('the token is not valid', { cause: error });
      throw error;
    }
  };
}
