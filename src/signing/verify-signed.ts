import { compactVerify, errors, importJWK, type JSONWebKeySet, type JWK } from 'jose';

const ALGORITHM = 'EdDSA';
const HEADER_MEMBERS = new Set(['alg', 'kid', 'typ']);

/** A signed document is not what it should be. The message says why. */
export class NotGenuineError extends Error {
  override readonly name = 'NotGenuineError';
}

/** The bytes of a part. One text stands for them only: what a lenient decoder drops is refused. */
function bytesOf(part: string, name: string): Buffer {
  const bytes = Buffer.from(part, 'base64url');
  if (bytes.toString('base64url') !== part)
    throw new NotGenuineError(`malformed: the ${name} is not base64url`);
  return bytes;
}

function objectOf(bytes: Buffer, name: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new NotGenuineError(`malformed: the ${name} is not JSON`, { cause: error });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new NotGenuineError(`malformed: the ${name} is not an object`);
  return value as Record<string, unknown>;
}

/** The key that the header names, when everything else in the header is as it must be. */
function keyOf(header: Record<string, unknown>, typ: string, { keys }: JSONWebKeySet): JWK {
  const unexpected = Object.keys(header).find((member) => !HEADER_MEMBERS.has(member));
  if (unexpected !== undefined) throw new NotGenuineError(`unexpected header member "${unexpected}"`);
  if (header['alg'] !== ALGORITHM) throw new NotGenuineError(`wrong alg: only ${ALGORITHM} is accepted`);
  if (header['typ'] !== typ) throw new NotGenuineError(`wrong typ: it is not "${typ}"`);
  const key = keys.find(({ kid }) => kid !== undefined && kid === header['kid']);
  if (!key)
    throw new NotGenuineError('unknown kid: it was signed with a key that is not among the given ones');
  if (key.kty !== 'OKP' || key.crv !== 'Ed25519' || key.x === undefined)
    throw new NotGenuineError('the key with that kid is not an Ed25519 key');
  return { kty: key.kty, crv: key.crv, x: key.x };
}

/**
 * Verifies a compact JWS that a signer of this project made, and returns its payload. Stricter than RFC 7515: no header
 * members but `alg`, `kid` and `typ`, and a single spelling of each part.
 *
 * @throws {NotGenuineError}
 */
export async function verifySigned(jws: string, typ: string, keys: JSONWebKeySet): Promise<unknown> {
  const parts = jws.split('.');
  const [header, payload, signature] = parts;
  if (parts.length !== 3) throw new NotGenuineError('malformed: it does not have three parts');
  bytesOf(signature!, 'signature');
  const key = keyOf(objectOf(bytesOf(header!, 'header'), 'header'), typ, keys);
  const content = bytesOf(payload!, 'payload');
  try {
    await compactVerify(jws, await importJWK(key, ALGORITHM), { algorithms: [ALGORITHM] });
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    throw new NotGenuineError('bad signature', { cause: error });
  }
  return objectOf(content, 'payload');
}
