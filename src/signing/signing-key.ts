import { createPublicKey, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, CompactSign, type JSONWebKeySet, type JWK } from 'jose';
import { readPrivateKeys } from './private-keys.ts';

const ALGORITHM = 'EdDSA';

/** Signs documents that others verify with the public keys alone. */
export interface Signer {
  /** A compact JWS (RFC 7515) of the payload. `typ` says what kind of document it is, so that none passes for another. */
  sign(typ: string, payload: object): Promise<string>;
  /** What signatures are verified with (RFC 7517), those of earlier keys too. */
  publicKeys: JSONWebKeySet;
}

type PublicKey = JWK & { kid: string };

async function publicKeyOf(key: KeyObject): Promise<PublicKey> {
  const { kty, crv, x } = createPublicKey(key).export({ format: 'jwk' }) as { kty: string } & JWK;
  const jwk: JWK = { kty, crv: crv!, x: x! };
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), use: 'sig', alg: ALGORITHM };
}

/** Makes a signer of Ed25519 private keys in PEM: the first signs, all are published. */
export async function readSigner(pem: string): Promise<Signer> {
  const privateKeys = readPrivateKeys(pem);
  const keys = await Promise.all(privateKeys.map(publicKeyOf));
  const { kid } = keys[0]!;
  const sign = (typ: string, payload: object): Promise<string> =>
    new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
      .setProtectedHeader({ alg: ALGORITHM, kid, typ })
      .sign(privateKeys[0]!);
  return { sign, publicKeys: { keys } };
}
