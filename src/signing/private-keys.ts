import { createPrivateKey, type KeyObject } from 'node:crypto';

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g;

function ed25519(pem: string, place: number): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (error) {
    throw new Error(`key ${place} cannot be read`, { cause: error });
  }
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`key ${place} is not an Ed25519 key`);
  return key;
}

/** The Ed25519 private keys of a text in PEM (PKCS 8, RFC 5958), in order. Throws when there is none, or another. */
export function readPrivateKeys(text: string): KeyObject[] {
  const blocks = [...text.matchAll(BLOCK)];
  if (blocks.length === 0) throw new Error('there is no private key in PEM');
  return blocks.map(([pem, label], i) => {
    if (label !== 'PRIVATE KEY') throw new Error(`key ${i + 1} is "${label}", not "PRIVATE KEY" (PKCS 8)`);
    return ed25519(pem, i + 1);
  });
}
