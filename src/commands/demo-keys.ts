import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importPKCS8, SignJWT } from 'jose';
import { DEFAULT_TOKEN_RULES, type TokenSettings } from '../access/token.ts';
import { SCOPES, type Role } from '../access/viewer.ts';
import { DEMO_ISSUER } from '../config-variables.ts';

export const DEMO_FOLDER = './data/demo';

const AUDIENCE = 'customer-gateway';
const ALGORITHM = 'EdDSA';
const KEY_FILE = 'signing-key.pem';
const PROOF_KEY_FILE = 'proof-key.pem';
const OWNER_ONLY = 0o600;

/** Makes the key that signs the demo's tokens, and returns how the gateway checks them. */
export function makeDemoKey(folder: string): TokenSettings {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  mkdirSync(folder, { recursive: true });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  writeFileSync(join(folder, KEY_FILE), pem, { mode: OWNER_ONLY });
  const key = {
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    algorithm: ALGORITHM,
  } as const;
  return { ...DEFAULT_TOKEN_RULES, issuer: DEMO_ISSUER, audience: AUDIENCE, key };
}

/** Makes the key that the demo's gateway signs proofs with, and returns it in PEM. */
export function makeProofKey(folder: string): string {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  writeFileSync(join(folder, PROOF_KEY_FILE), pem, { mode: OWNER_ONLY });
  return pem;
}

export interface DemoToken {
  role: Role;
  subject?: string;
  /** Needed by RESALE. */
  manager?: string;
  scopes?: readonly string[];
  /** Lifetime in jose's notation, such as `8h`. */
  lifetime?: string;
}

/** Signs a token with the demo's key. Throws when no demo has made one. */
export async function mintDemoToken(folder: string, token: DemoToken): Promise<string> {
  const { role, subject = `demo-${role.toLowerCase()}`, manager, scopes = SCOPES, lifetime = '8h' } = token;
  const key = await importPKCS8(readFileSync(join(folder, KEY_FILE), 'utf8'), ALGORITHM);
  return new SignJWT({ role, scope: scopes.join(' '), ...(manager && { manager }) })
    .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
    .setSubject(subject)
    .setIssuer(DEMO_ISSUER)
    .setAudience(AUDIENCE)
    .setIssuedAt()
    .setJti(randomUUID())
    .setExpirationTime(lifetime)
    .sign(key);
}
