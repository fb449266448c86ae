import { createHmac, sign, type KeyObject } from 'node:crypto';

type Part = string | Buffer | object;

const bytesOf = (part: Part): Buffer => {
  if (Buffer.isBuffer(part)) return part;
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part));
};

export const encode = (part: Part): string => bytesOf(part).toString('base64url');

/** What signs the first two parts of a token: a key, by what it is; a secret; or what a test says. */
export type Signer =
  KeyObject | { secret: string | Buffer; hash: string } | ((input: string) => Buffer | string);

function signatureOf(input: string, signer: Signer): string {
  if (typeof signer === 'function') return encode(signer(input));
  if ('secret' in signer) return createHmac(signer.hash, signer.secret).update(input).digest('base64url');
  const isEd25519 = signer.asymmetricKeyType === 'ed25519';
  const key = { key: signer, dsaEncoding: 'ieee-p1363' } as const;
  return sign(isEd25519 ? null : 'sha256', Buffer.from(input), key).toString('base64url');
}

/** A compact JWS of any header and any payload, well-formed or not: no library would make most of them. */
export function forge(header: Part, payload: Part, signer: Signer): string {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${signatureOf(input, signer)}`;
}
