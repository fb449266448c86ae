import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import pino from 'pino';
import { SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import type { Algorithm } from '../../src/access/algorithms.ts';
import { UnauthenticatedError } from '../../src/access/errors.ts';
import {
  DEFAULT_TOKEN_RULES,
  tokenReader,
  type Authenticate,
  type TokenSettings,
} from '../../src/access/token.ts';
import { systemClock } from '../../src/clock.ts';

const ed = generateKeyPairSync('ed25519');
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });

const GOOD = { sub: 'someone', role: 'ADMIN', scope: 'customers:read', iss: 'issuer', aud: 'gateway' };
const now = (): number => Math.floor(Date.now() / 1000);

function sign(
  claims: Record<string, unknown>,
  header: object = {},
  key: KeyObject = ed.privateKey,
): Promise<string> {
  const payload: Record<string, unknown> = { iat: now(), exp: now() + 60, ...GOOD, ...claims };
  return new SignJWT(payload).setProtectedHeader({ alg: 'EdDSA', typ: 'JWT', ...header }).sign(key);
}

function reader(
  more: Partial<TokenSettings> = {},
  key: KeyObject = ed.publicKey,
  algorithm: Algorithm = 'EdDSA',
): Promise<Authenticate> {
  const publicKey = key.export({ type: 'spki', format: 'pem' }).toString();
  const settings = { ...DEFAULT_TOKEN_RULES, issuer: 'issuer', audience: 'gateway', ...more };
  const log = pino({ level: 'silent' });
  return tokenReader({ ...settings, key: { publicKey, algorithm } }, { clock: systemClock, log });
}

const read = async (token: string, more: Partial<TokenSettings> = {}) =>
  (await reader(more))([`Bearer ${token}`]);

const refused = (token: string, more: Partial<TokenSettings> = {}): Promise<void> =>
  expect(read(token, more)).rejects.toBeInstanceOf(UnauthenticatedError);

describe('a token', () => {
  test('makes a viewer', async () => {
    const token = await sign({ scope: 'customers:read other:thing guards:override', jti: 'one' });
    const viewer = await read(token);
    expect(viewer).toMatchObject({ subject: 'someone', role: 'ADMIN', manager: null, tokenId: 'one' });
    expect([...viewer!.scopes].toSorted()).toEqual(['customers:read', 'guards:override']);
  });

  test('is not needed: none at all makes none', async () => {
    expect(await (await reader())([])).toBeNull();
  });

  test.each(['Basic YTpi', 'Bearer', 'Bearer a b', 'Bearer  x.y.z', `Bearer ${'a'.repeat(9_000)}.b.c`, ''])(
    'is not the header %j',
    async (header) => {
      await expect((await reader())([header])).rejects.toThrow('the Authorization header is not');
    },
  );
});

describe('the one key', () => {
  test.each<[Algorithm, Algorithm, { privateKey: KeyObject; publicKey: KeyObject }]>([
    ['EdDSA', 'RS256', ed],
    ['ES256', 'EdDSA', ec],
    ['RS256', 'PS256', rsa],
    ['PS256', 'RS256', rsa],
  ])('for %s verifies that, and not %s', async (algorithm, other, { privateKey, publicKey }) => {
    const token = await sign({}, { alg: algorithm }, privateKey);
    const header = [`Bearer ${token}`];
    expect(await (await reader({}, publicKey, algorithm))(header)).toMatchObject({ role: 'ADMIN' });
    const otherKey = { EdDSA: ed, ES256: ec, RS256: rsa, PS256: rsa }[other].publicKey;
    await expect((await reader({}, otherKey, other))(header)).rejects.toBeInstanceOf(UnauthenticatedError);
  });
});

describe('the type of a token', () => {
  test.each(['JWT', 'jwt', 'at+jwt', 'AT+JWT', 'application/at+jwt', 'Application/JWT'])(
    'may be %s',
    async (typ) => {
      expect(await read(await sign({}, { typ }))).not.toBeNull();
    },
  );

  test('is one of those that are configured', async () => {
    const types = ['application/Access+JWT'];
    expect(await read(await sign({}, { typ: 'access+jwt' }), { types })).not.toBeNull();
    await refused(await sign({}, { typ: 'JWT' }), { types });
  });
});

describe('times', () => {
  test('may be 5 seconds apart', async () => {
    expect(await read(await sign({ exp: now() - 3, nbf: now() + 3, iat: now() + 3 }))).not.toBeNull();
    await refused(await sign({ exp: now() - 7 }));
    await refused(await sign({ nbf: now() + 7 }));
    await refused(await sign({ iat: now() + 7 }));
  });

  test('may be fractions', async () => {
    expect(await read(await sign({ iat: now() - 0.5, exp: now() + 9.75 }))).not.toBeNull();
  });

  test('end a token when it is too old, whenever it expires', async () => {
    const claims = { iat: now() - 100, exp: now() + 1_000_000 };
    const viewer = await read(await sign(claims), { maxAgeSeconds: 120 });
    expect(viewer!.expiresAt).toEqual(new Date((claims.iat + 120) * 1000));
    await refused(await sign(claims), { maxAgeSeconds: 90 });
    expect((await read(await sign({ exp: now() + 30 })))!.expiresAt.getTime()).toBeLessThan(
      Date.now() + 31_000,
    );
  });
});

describe('claims', () => {
  const names = {
    subject: 'https://issuer.test/who',
    role: 'app_role',
    scopes: 'permissions',
    manager: 'constructor',
  };

  test('have the names that are configured', async () => {
    const mapped = {
      sub: undefined,
      role: undefined,
      scope: undefined,
      'https://issuer.test/who': 'mapped',
      app_role: 'RESALE',
      permissions: ['customers:read', 'audit:read', 'guards:override'],
      constructor: 'glacier',
    };
    const viewer = await read(await sign(mapped), { claims: names });
    expect(viewer).toMatchObject({ subject: 'mapped', role: 'RESALE', manager: 'glacier' });
    expect([...viewer!.scopes].toSorted()).toEqual(['audit:read', 'customers:read']);
    await refused(await sign({}), { claims: names });
  });

  test("are the token's own, and nothing that every object has", async () => {
    const mapped = { 'https://issuer.test/who': 'mapped', app_role: 'RESALE', permissions: '' };
    await refused(await sign(mapped), { claims: names });
    const admin = await read(await sign({ ...mapped, app_role: 'ADMIN' }), { claims: names });
    expect(admin).toMatchObject({ role: 'ADMIN', manager: null });
    for (const claim of ['__proto__', 'constructor', 'toString'])
      await refused(await sign({}), { claims: { ...names, subject: claim } });
  });

  test('without scopes let in and allow nothing', async () => {
    expect((await read(await sign({ scope: undefined })))!.scopes.size).toBe(0);
    expect((await read(await sign({ scope: '' })))!.scopes.size).toBe(0);
    expect((await read(await sign({ scope: [] })))!.scopes.size).toBe(0);
  });
});
