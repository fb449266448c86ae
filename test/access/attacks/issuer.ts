import { generateKeyPairSync } from 'node:crypto';
import { encode, forge, type Signer } from './forge-token.ts';

export const ISSUER = 'https://issuer.test';
export const AUDIENCE = 'customer-gateway';
/** Of a symmetric key that stands in the set by mistake. */
export const SECRET = 'a secret';

/** Keys that the gateway trusts, each for something; and the attacker's own. */
export const ed = generateKeyPairSync('ed25519');
export const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
export const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
export const enc = generateKeyPairSync('ed25519');
export const evil = generateKeyPairSync('ed25519');
export const evilJwk = evil.publicKey.export({ format: 'jwk' });

export const published = [
  { ...ed.publicKey.export({ format: 'jwk' }), kid: 'ed', alg: 'EdDSA', use: 'sig' },
  { ...ec.publicKey.export({ format: 'jwk' }), kid: 'ec' },
  { ...rsa.publicKey.export({ format: 'jwk' }), kid: 'rsa', alg: 'RS256' },
  { ...weak.publicKey.export({ format: 'jwk' }), kid: 'weak', alg: 'RS256' },
  { ...enc.publicKey.export({ format: 'jwk' }), kid: 'enc', use: 'enc' },
  { kty: 'oct', k: encode(SECRET), kid: 'oct', alg: 'HS256', use: 'sig' },
];

const now = (): number => Math.floor(Date.now() / 1000);

export const HEADER = { alg: 'EdDSA', typ: 'JWT', kid: 'ed' };
export const claims = (more: object = {}): object => ({
  iss: ISSUER,
  aud: AUDIENCE,
  sub: 'someone',
  role: 'ADMIN',
  scope: 'customers:read',
  iat: now(),
  exp: now() + 60,
  ...more,
});

/** A good token but for what is given; signed by the key that it names. */
export const token = (header: object = {}, payload: object = {}, signer: Signer = ed.privateKey): string =>
  forge({ ...HEADER, ...header }, claims(payload), signer);

/** One claim as it stands in the text, which `JSON.stringify` might not write. */
export const withText = (name: string, text: string): string => {
  const rest = JSON.stringify(claims({ [name]: undefined }));
  return forge(HEADER, `${rest.slice(0, -1)},"${name}":${text}}`, ed.privateKey);
};

/** Where a token can point to: the host of the trusted keys, and one that nobody may ask. */
export interface Places {
  trusted: string;
  sentinel: string;
}

/** Tokens that have to be refused, each for what its name says. */
export type Rows = [string, (places: Places) => string][];

export const ago = (seconds: number): number => now() - seconds;
