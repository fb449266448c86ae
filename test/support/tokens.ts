import { generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { DEFAULT_TOKEN_RULES, type TokenSettings } from '../../src/access/token.ts';
import { SCOPES, type Role } from '../../src/access/viewer.ts';

const ISSUER = 'test-issuer';
const AUDIENCE = 'customer-gateway';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');

export const tokenSettings: TokenSettings = {
  ...DEFAULT_TOKEN_RULES,
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
  /** Seconds before now; negative for a time to come. */
  issuedAgo?: number;
  jti?: string;
}

/** A token that the gateway under test accepts, or that is flawed in just the way that is asked for. */
export function mintToken({
  role,
  subject = role,
  manager,
  scopes = SCOPES,
  expiresIn = 600,
  issuedAgo = 0,
  jti,
}: TokenClaims): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ role, scope: scopes.join(' '), ...(manager && { manager }), ...(jti && { jti }) })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT' })
    .setSubject(subject)
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setIssuedAt(now - issuedAgo)
    .setExpirationTime(now + expiresIn)
    .sign(privateKey);
}
