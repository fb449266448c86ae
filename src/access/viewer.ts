export const ROLES = ['ADMIN', 'MASTER', 'RESALE'] as const;

export type Role = (typeof ROLES)[number];

export const SCOPES = [
  'customers:read',
  'customers:write',
  'customers:delete',
  'customers:export',
  'tokens:issue',
  'tokens:revoke',
  'erasures:approve',
  'holds:write',
  'guards:override',
  'managers:write',
  'integrations:read',
  'audit:read',
] as const;

export type Scope = (typeof SCOPES)[number];

const ADMINS_ALONE: ReadonlySet<Scope> = new Set(['guards:override', 'tokens:revoke']);

/** The most that a role can do. A token's scopes narrow it and never widen it. */
const MOST: Record<Role, readonly Scope[]> = {
  ADMIN: SCOPES,
  MASTER: SCOPES.filter((scope) => !ADMINS_ALONE.has(scope)),
  RESALE: [
    'customers:read',
    'customers:write',
    'customers:delete',
    'customers:export',
    'integrations:read',
    'audit:read',
  ],
};

/** A token, as far as it is needed to tell whether it was revoked. */
export interface TokenIdentity {
  subject: string;
  /** `jti` (RFC 7519, section 4.1.7); null: a token without one can be revoked by its subject alone. */
  tokenId: string | null;
  issuedAt: Date;
}

/** The caller. */
export interface Viewer extends TokenIdentity {
  role: Role;
  scopes: ReadonlySet<Scope>;
  /** The manager that a RESALE viewer acts for; null for the other roles. */
  manager: string | null;
  /** When the token ends, or becomes too old. */
  expiresAt: Date;
}

/** A caller as work knows it that goes on after the request, and after the token has ended. */
export type Principal = Omit<Viewer, 'expiresAt'>;

/** The scopes that a token's scopes come to under a role. Unknown ones are ignored: they are some other API's. */
export function scopesOf(role: Role, claimed: readonly string[]): ReadonlySet<Scope> {
  return new Set(MOST[role].filter((scope) => claimed.includes(scope)));
}

/** Whose customers a viewer reaches: everyone's, or those of one manager and of the managers below it. */
export type Reach = { everyone: true } | { everyone: false; manager: string };

export function reachOf(viewer: Pick<Viewer, 'role' | 'manager'>): Reach {
  if (viewer.role !== 'RESALE') return { everyone: true };
  if (viewer.manager === null) throw new Error('a RESALE viewer without a manager');
  return { everyone: false, manager: viewer.manager };
}
