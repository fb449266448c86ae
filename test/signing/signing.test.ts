import { generateKeyPairSync, sign as signBytes, type KeyObject } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { readSigner, type Signer } from '../../src/signing/signing-key.ts';
import { verifySigned } from '../../src/signing/verify-signed.ts';

const TYP = 'a-document+jwt';
const PAYLOAD = { says: 'grüße', number: 7 };

const ed25519 = (): KeyObject => generateKeyPairSync('ed25519').privateKey;
const pemOf = (...keys: KeyObject[]): string =>
  keys.map((key) => key.export({ type: 'pkcs8', format: 'pem' })).join('\n');

const present = ed25519();
const past = ed25519();
let signer: Signer;
let jws: string;

beforeAll(async () => {
  signer = await readSigner(pemOf(present, past));
  jws = await signer.sign(TYP, PAYLOAD);
});

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JWS with any header, properly signed. */
function signed(header: object, payload: string = encode(PAYLOAD), key = present): string {
  const input = `${encode(header)}.${payload}`;
  return `${input}.${signBytes(null, Buffer.from(input), key).toString('base64url')}`;
}

describe('a signer', () => {
  test('signs with the first key, and publishes the public part of each and nothing else', async () => {
    const { keys } = signer.publicKeys;
    expect(keys.map((key) => Object.keys(key).toSorted())).toEqual(
      keys.map(() => ['alg', 'crv', 'kid', 'kty', 'use', 'x']),
    );
    expect(keys).toMatchObject([present, past].map(() => ({ use: 'sig', alg: 'EdDSA' })));
    expect(JSON.parse(Buffer.from(jws.split('.')[0]!, 'base64url').toString())).toEqual({
      alg: 'EdDSA',
      kid: keys[0]!.kid,
      typ: TYP,
    });
    expect(await verifySigned(jws, TYP, signer.publicKeys)).toEqual(PAYLOAD);
  });

  test('names a key by its RFC 7638 thumbprint: the example of RFC 8037, appendix A.3', async () => {
    const d = Buffer.from('nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A', 'base64url');
    const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), d]);
    const pem = `-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----\n`;
    const { keys } = (await readSigner(pem)).publicKeys;
    expect(keys[0]!.kid).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
  });

  test('still verifies what an earlier key has signed', async () => {
    const earlier = await (await readSigner(pemOf(past))).sign(TYP, PAYLOAD);
    expect(await verifySigned(earlier, TYP, signer.publicKeys)).toEqual(PAYLOAD);
  });

  test.each([
    ['nothing', () => '', 'there is no private key in PEM'],
    [
      'a key of another kind',
      () => pemOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
      'key 1 is not an Ed25519 key',
    ],
    [
      'a public key among them',
      () =>
        pemOf(present) +
        generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      'key 2 is "PUBLIC KEY", not "PRIVATE KEY" (PKCS 8)',
    ],
    [
      'a broken key',
      () => '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----',
      'key 1 cannot be read',
    ],
  ])('is not made of %s', async (_name, pem, message) => {
    await expect(readSigner(pem())).rejects.toThrow(message);
  });
});

describe('verifying', () => {
  const refused = (text: string, message: string, typ = TYP): Promise<void> =>
    expect(verifySigned(text, typ, signer.publicKeys)).rejects.toThrow(message);
  const header = (more: object = {}): object => ({
    alg: 'EdDSA',
    kid: signer.publicKeys.keys[0]!.kid,
    typ: TYP,
    ...more,
  });

  test('takes what this test signs by itself, so that each refusal below has the reason that it names', async () => {
    expect(await verifySigned(signed(header()), TYP, signer.publicKeys)).toEqual(PAYLOAD);
  });

  test.each([
    ['a document of another kind', () => signed(header({ typ: 'JWT' })), 'wrong typ'],
    ['no typ', () => signed(header({ typ: undefined })), 'wrong typ'],
    ['alg none', () => `${encode(header({ alg: 'none' }))}.${encode(PAYLOAD)}.`, 'wrong alg'],
    ['alg HS256', () => signed(header({ alg: 'HS256' })), 'wrong alg'],
    ['another name for the algorithm', () => signed(header({ alg: 'Ed25519' })), 'wrong alg'],
    ['a foreign key', () => signed(header({ kid: 'x' })), 'unknown kid'],
    ['no kid', () => signed(header({ kid: undefined })), 'unknown kid'],
    ["another key's name", () => signed(header(), undefined, past), 'bad signature'],
    ['crit', () => signed(header({ crit: ['b64'], b64: true })), 'unexpected header member "crit"'],
    ['b64', () => signed(header({ b64: false })), 'unexpected header member "b64"'],
    [
      'a key of its own',
      () => signed(header({ jwk: signer.publicKeys.keys[0] })),
      'unexpected header member "jwk"',
    ],
    ['two parts', () => jws.split('.').slice(0, 2).join('.'), 'three parts'],
    ['four parts', () => `${jws}.x`, 'three parts'],
    ['a header that is no JSON', () => `e30x.${jws.split('.').slice(1).join('.')}`, 'the header is not JSON'],
    ['a header that is a list', () => jws.replace(/^[^.]+/, encode([])), 'the header is not an object'],
    ['a payload that is no JSON', () => signed(header(), 'AAAA'), 'the payload is not JSON'],
    [
      'a payload that is no UTF-8',
      () => signed(header(), Buffer.from('{"a":"\xff"}', 'latin1').toString('base64url')),
      'the payload is not JSON',
    ],
    ['a payload that is a text', () => signed(header(), encode('text')), 'the payload is not an object'],
    ['an encoding with padding', () => `${jws}==`, 'the signature is not base64url'],
    ['an encoding with a line break', () => jws.replace('.', '\n.'), 'the header is not base64url'],
    ['a padded payload', () => signed(header(), `${encode({ a: 1 })}=`), 'the payload is not base64url'],
  ])('refuses %s, and says so', (_name, text, message) => refused(text(), message));

  test('refuses a key that is not for Ed25519', async () => {
    const keys = [{ ...signer.publicKeys.keys[0]!, kty: 'oct' as const, k: 'AAAA' }];
    await expect(verifySigned(jws, TYP, { keys })).rejects.toThrow('is not an Ed25519 key');
  });

  test('finds every change of a single character, each unused bit of the encoding too', async () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const changed = (i: number, to: string): string => jws.slice(0, i) + to + jws.slice(i + 1);
    const others = jws
      .split('')
      .flatMap((char, i) =>
        ['A', 'z', '.', '=', '+', ' ', '\u0000'].filter((to) => to !== char).map((to) => changed(i, to)),
      );
    const last = alphabet
      .split('')
      .filter((to) => to !== jws.at(-1))
      .map((to) => changed(jws.length - 1, to));
    expect(last).toHaveLength(63);
    for (const text of [...others, ...last, jws.slice(0, -1), `${jws}A`]) {
      await expect(verifySigned(text, TYP, signer.publicKeys), text).rejects.toThrow();
    }
  });
});
