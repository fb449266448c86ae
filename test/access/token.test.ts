import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tokenReader, UnauthenticatedError, type Authenticate } from '../../src/access/token.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const other = generateKeyPairSync('ed25519');
const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();

const GOOD = { sub: 'someone', role: 'ADMIN', scope: 'customers:read', iss: 'issuer', aud: 'gateway' };
const now = (): number => Math.floor(Date.now() / 1000);

function sign(
  claims: Record<string, unknown>,
  key: KeyObject | Uint8Array = privateKey,
  header: object = {},
): Promise<string> {
  const payload: Record<string, unknown> = { exp: now() + 60, ...GOOD, ...claims };
  return new SignJWT(payload).setProtectedHeader({ alg: 'EdDSA', ...header }).sign(key);
}

describe('a token signed with the one key', () => {
  let authenticate: Authenticate;

  beforeAll(async () => {
    const key = { publicKey: pem, algorithm: 'EdDSA' as const };
    authenticate = await tokenReader({ issuer: 'issuer', audience: 'gateway', key });
  });

  test('makes a viewer', async () => {
    const viewer = await authenticate(
      `Bearer ${await sign({ scope: 'customers:read other:thing guards:override' })}`,
    );
    expect(viewer).toMatchObject({ subject: 'someone', role: 'ADMIN', manager: null });
    expect([...viewer!.scopes].toSorted()).toEqual(['customers:read', 'guards:override']);
  });

  test('none at all makes none', async () => {
    expect(await authenticate(null)).toBeNull();
  });

  test.each<[string, () => string | Promise<string>]>([
    ['another key', () => sign({}, other.privateKey)],
    ['no signature', () => new UnsecuredJWT({ exp: now() + 60, ...GOOD }).encode()],
    ['the public key as an HMAC secret', () => sign({}, new TextEncoder().encode(pem), { alg: 'HS256' })],
    ['an end that has passed', () => sign({ exp: now() - 60 })],
    ['no end', () => sign({ exp: undefined })],
    ['a beginning to come', () => sign({ nbf: now() + 60 })],
    ['another issuer', () => sign({ iss: 'mallory' })],
    ['another audience', () => sign({ aud: 'elsewhere' })],
    ['no subject', () => sign({ sub: undefined })],
    ['an empty subject', () => sign({ sub: '' })],
    ['no role', () => sign({ role: undefined })],
    ['an unknown role', () => sign({ role: 'ROOT' })],
    ['a role of another type', () => sign({ role: ['ADMIN'] })],
    ['RESALE without a manager', () => sign({ role: 'RESALE' })],
    ['RESALE with an empty manager', () => sign({ role: 'RESALE', manager: '' })],
    ['scopes that are a list', () => sign({ scope: ['customers:read'] })],
    ['a changed payload', async () => (await sign({})).replace(/\.[^.]+\./, '.eyJyb2xlIjoiQURNSU4ifQ.')],
    ['a header that is none', () => 'a.b.c'],
  ])('with %s is refused', async (_name, token) => {
    await expect(authenticate(`Bearer ${await token()}`)).rejects.toBeInstanceOf(UnauthenticatedError);
  });

  test.each([
    'Basic YTpi',
    'Bearer',
    'Bearer a b',
    'Bearer  x.y.z',
    `Bearer ${'a'.repeat(9_000)}.b.c`,
    'x.y.z',
  ])('the header %j is refused', async (header) => {
    await expect(authenticate(header)).rejects.toThrow('the Authorization header is not');
  });
});

describe('a token signed with a key of a JWK set', () => {
  let server: Server;
  let authenticate: Authenticate;
  let requests = 0;

  beforeAll(async () => {
    const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'EdDSA', use: 'sig' }];
    server = createServer((_request, response) => {
      requests++;
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
    authenticate = await tokenReader({ issuer: 'issuer', audience: 'gateway', key: { jwksUrl } });
  });

  afterAll(() => server.close());

  test('makes a viewer, and the set is fetched once', async () => {
    for (let i = 0; i < 3; i++) {
      expect(await authenticate(`Bearer ${await sign({}, privateKey, { kid: 'one' })}`)).toMatchObject({
        role: 'ADMIN',
      });
    }
    expect(requests).toBe(1);
  });

  test('that the set does not hold is refused', async () => {
    await expect(authenticate(`Bearer ${await sign({}, other.privateKey, { kid: 'two' })}`)).rejects.toThrow(
      'not valid',
    );
  });
});
