import { randomBytes } from 'node:crypto';
import { clientOf, type Call } from './vendor.ts';

export interface IssuedToken {
  token: string;
  createdAt: number;
  expiresAt: number;
}

export const ONELOGIN_CLIENT = { id: 'sandbox-onelogin-client', secret: 'sandbox-onelogin-secret' };

const LIFETIME_SECONDS = 36_000;

/** Besides the usual ways, OneLogin takes the two literals in one header. */
function credentialsOf(call: Call): { id: string; secret: string } {
  const literal = /^client_id:\s*([^,\s]+),\s*client_secret:\s*(\S+)$/.exec(call.headers.authorization ?? '');
  return literal ? { id: literal[1]!, secret: literal[2]! } : clientOf(call);
}

export function isClient(call: Call): boolean {
  const { id, secret } = credentialsOf(call);
  return id === ONELOGIN_CLIENT.id && secret === ONELOGIN_CLIENT.secret;
}

/** The body of a token answer: the same client gets the same token until it expires. */
export function issueToken(tokens: IssuedToken[]): object {
  let live = tokens.find((token) => token.expiresAt > Date.now());
  if (!live) {
    const createdAt = Date.now();
    live = {
      token: randomBytes(32).toString('hex'),
      createdAt,
      expiresAt: createdAt + LIFETIME_SECONDS * 1000,
    };
    tokens.push(live);
  }
  return {
    access_token: live.token,
    created_at: new Date(live.createdAt).toISOString(),
    expires_in: LIFETIME_SECONDS,
    refresh_token: randomBytes(32).toString('hex'),
    token_type: 'bearer',
    account_id: 555_555,
  };
}
