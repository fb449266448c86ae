import { z } from 'zod';
import { UnauthenticatedError } from './errors.ts';
import { ROLES, scopesOf, type Viewer } from './viewer.ts';

/** The names of the top-level claims that say who is calling. */
export interface ClaimNames {
  subject: string;
  role: string;
  /** A string of scopes with spaces between them (RFC 8693, section 4.2), or a list of them. */
  scopes: string;
  /** The manager that a RESALE viewer acts for. */
  manager: string;
}

export const DEFAULT_CLAIM_NAMES: ClaimNames = {
  subject: 'sub',
  role: 'role',
  scopes: 'scope',
  manager: 'manager',
};

/** The end of the year 9999, up to which a date can be written down everywhere. */
const LAST_SECOND = 253_402_300_799;

/** Nothing that a database, a log or a terminal could not take. */
const name = z.string().regex(/^[^\p{Cc}\p{Cs}]{1,255}$/u);
const moment = z.number().min(0).max(LAST_SECOND);

const claims = z
  .object({
    subject: name,
    role: z.enum(ROLES),
    scopes: z.union([z.string(), z.array(z.string())]).default(''),
    manager: name.optional(),
    aud: z.union([z.string(), z.array(z.string())]),
    exp: moment,
    iat: moment,
    nbf: moment.optional(),
    jti: name.optional(),
  })
  .refine((token) => token.role !== 'RESALE' || token.manager !== undefined, 'RESALE needs a manager');

/** A claim of the token's own, and nothing that every object has. */
const claimOf = (payload: Record<string, unknown>, claim: string): unknown =>
  Object.hasOwn(payload, claim) ? payload[claim] : undefined;

/**
 * Who a token stands for, once it is known to be genuine and in time.
 *
 * @throws {UnauthenticatedError} when a claim is missing, or is not what it should be.
 */
export function viewerOf(payload: Record<string, unknown>, names: ClaimNames, maxAgeSeconds: number): Viewer {
  const read = Object.entries(names).map(([field, claim]) => [field, claimOf(payload, claim as string)]);
  const times = ['aud', 'exp', 'iat', 'nbf', 'jti'].map((claim) => [claim, claimOf(payload, claim)]);
  const parsed = claims.safeParse(Object.fromEntries([...read, ...times]));
  if (!parsed.success) throw new UnauthenticatedError('the token does not carry the claims that are needed');
  const { subject, role, scopes, manager, exp, iat, jti } = parsed.data;
  return {
    subject,
    tokenId: jti ?? null,
    issuedAt: new Date(iat * 1000),
    role,
    scopes: scopesOf(role, typeof scopes === 'string' ? scopes.split(' ') : scopes),
    manager: role === 'RESALE' ? manager! : null,
    expiresAt: new Date(Math.min(exp, iat + maxAgeSeconds) * 1000),
  };
}
