import { generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import type { TokenSettings } from '../../src/access/token.ts';
import { SCOPES, type Role } from '../../src/access/viewer.ts';

const ISSUER = 'test-issuer';
const AUDIENCE = 'customer-gateway';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');

export const tokenSettings: TokenSettings = {
  issuer: ISSUER,
  audience: AUDIENCE,
  key: { publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(), algorithm: 'EdDSA' },
};

export interface TokenClaims {
  role: Role;
  subject?: string;
  manager?: string;
  scopes?: readonly string[];
  /** Seconds from now; negative for a token that has ended. */
  expiresIn?: number;
}

/** A token that the gateway under test accepts, or that is flawed in just the way that is asked for. */
export function mintToken({
  role,
  subject = role,
  manager,
  scopes = SCOPES,
  expiresIn = 600,
}: TokenClaims): Promise<string> {
  return new SignJWT({ role, scope: scopes.join(' '), ...(manager && { manager }) })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT' })
    .setSubject(subject)
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setExpirationTime(Math.floor(Date.now() / 1000) + expiresIn)
    .sign(privateKey);
}
