import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import pino from 'pino';
import { SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AuthenticationUnavailableError, UnauthenticatedError } from '../../src/access/errors.ts';
import { DEFAULT_TOKEN_RULES, tokenReader, type Authenticate } from '../../src/access/token.ts';
import { MovableClock } from '../support/movable-clock.ts';
import { KeyHost } from '../support/published-keys.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const one = generateKeyPairSync('ed25519');
const two = generateKeyPairSync('ed25519');
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });

const published = (key: KeyObject, more: object = {}): object => ({
  ...key.export({ format: 'jwk' }),
  ...more,
});
const ONE = published(one.publicKey, { kid: 'one', use: 'sig', alg: 'EdDSA' });
const TWO = published(two.publicKey, { kid: 'two' });

let host: KeyHost;
let clock: MovableClock;
let logged: { msg: string }[];
let authenticate: Authenticate;

beforeEach(async () => {
  host = await KeyHost.start([ONE]);
  clock = new MovableClock();
  logged = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void logged.push(JSON.parse(line)) });
  const settings = { ...DEFAULT_TOKEN_RULES, issuer: 'issuer', audience: 'gateway' };
  authenticate = await tokenReader({ ...settings, key: { jwksUrl: host.url } }, { clock, log });
});

afterEach(() => host.close());

async function signed(key: KeyObject, kid?: string, alg = 'EdDSA'): Promise<string[]> {
  const claims = { sub: 'someone', role: 'ADMIN', iss: 'issuer', aud: 'gateway' };
  const header = { alg, typ: 'at+jwt', ...(kid !== undefined && { kid }) };
  const jwt = new SignJWT(claims).setProtectedHeader(header).setIssuedAt().setExpirationTime('5m');
  return [`Bearer ${await jwt.sign(key)}`];
}

const letsIn = async (headers: Promise<string[]>): Promise<void> =>
  expect(await authenticate(await headers)).toMatchObject({ role: 'ADMIN' });
const refuses = async (headers: Promise<string[]>): Promise<void> =>
  expect(authenticate(await headers)).rejects.toBeInstanceOf(UnauthenticatedError);
const isUnavailable = async (headers: Promise<string[]>): Promise<void> =>
  expect(authenticate(await headers)).rejects.toBeInstanceOf(AuthenticationUnavailableError);

const messages = (): string[] => logged.map(({ msg }) => msg);
const down: KeyHost['answer'] = (response) => response.writeHead(500).end();

describe('the keys of a URL', () => {
  test('are fetched when the first token comes, once for many, and again after 10 minutes', async () => {
    expect(host.requests).toEqual([]);
    await Promise.all(Array.from({ length: 10 }, () => letsIn(signed(one.privateKey, 'one'))));
    expect(host.requests).toEqual(['/jwks']);
    clock.forward(10 * MINUTE - 10 * SECOND);
    await letsIn(signed(one.privateKey, 'one'));
    expect(host.requests).toHaveLength(1);
    clock.forward(20 * SECOND);
    await letsIn(signed(one.privateKey, 'one'));
    expect(host.requests).toHaveLength(2);
  });

  test('can be replaced: a new one counts at once, an old one at most 10 minutes', async () => {
    await letsIn(signed(one.privateKey, 'one'));
    host.answer = KeyHost.json([TWO]);
    clock.forward(31 * SECOND);
    await letsIn(signed(one.privateKey, 'one'));
    await letsIn(signed(two.privateKey, 'two'));
    await refuses(signed(one.privateKey, 'one'));
  });

  test('are not fetched more often than every 30 seconds for unknown ids', async () => {
    for (const kid of ['a', 'b', 'c']) await refuses(signed(one.privateKey, kid));
    expect(host.requests).toHaveLength(1);
    clock.forward(29 * SECOND);
    await refuses(signed(one.privateKey, 'd'));
    expect(host.requests).toHaveLength(1);
    clock.forward(2 * SECOND);
    await Promise.all(['e', 'f', 'g'].map((kid) => refuses(signed(one.privateKey, kid))));
    expect(host.requests).toHaveLength(2);
  });

  test('without which a known id is refused are not fetched for it', async () => {
    await letsIn(signed(one.privateKey, 'one'));
    clock.forward(MINUTE);
    await refuses(signed(two.privateKey, 'one'));
    await refuses(signed(ec.privateKey, 'one', 'ES256'));
    await refuses(signed(ec.privateKey, undefined, 'ES256'));
    await refuses(signed(one.privateKey, 'x'.repeat(256)));
    expect(host.requests).toHaveLength(1);
  });

  test('need no id where there is one for the algorithm, and one where there are several', async () => {
    await letsIn(signed(one.privateKey));
    host.answer = KeyHost.json([ONE, TWO]);
    clock.forward(11 * MINUTE);
    await refuses(signed(one.privateKey));
    await letsIn(signed(two.privateKey, 'two'));
  });

  test('count for one algorithm each, by what they say or by their type', async () => {
    host.answer = KeyHost.json([
      published(ec.publicKey, { kid: 'ec' }),
      published(rsa.publicKey, { kid: 'rsa' }),
      published(rsa.publicKey, { kid: 'pss', alg: 'PS256' }),
    ]);
    await letsIn(signed(ec.privateKey, 'ec', 'ES256'));
    await letsIn(signed(rsa.privateKey, 'rsa', 'RS256'));
    await letsIn(signed(rsa.privateKey, 'pss', 'PS256'));
    await refuses(signed(rsa.privateKey, 'rsa', 'PS256'));
    await refuses(signed(rsa.privateKey, 'pss', 'RS256'));
  });

  test('are only those that verify tokens', async () => {
    const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    host.answer = KeyHost.json([
      TWO,
      published(one.publicKey, { kid: 'enc', use: 'enc' }),
      published(one.publicKey, { kid: 'sign', key_ops: ['sign'] }),
      published(one.publicKey, { kid: 'other', alg: 'ES256' }),
      published(rsa.publicKey, { kid: 'rs512', alg: 'RS512' }),
      published(weak.publicKey, { kid: 'weak' }),
      published(p384.publicKey, { kid: 'p384' }),
      { kty: 'oct', kid: 'oct', k: 'c2VjcmV0', alg: 'HS256' },
      { kty: 'OKP', crv: 'Ed25519', kid: 'no-point' },
      { kty: '__proto__', kid: 'proto' },
    ]);
    await letsIn(signed(two.privateKey, 'two'));
    for (const kid of ['enc', 'sign', 'other', 'no-point', 'proto'])
      await refuses(signed(one.privateKey, kid));
    await refuses(signed(rsa.privateKey, 'rs512', 'RS256'));
    expect(messages()).toEqual([]);
  });
});

describe('an outage of the host', () => {
  test('at the start lets nobody in, is logged once, and is over after 5 seconds at the latest', async () => {
    host.answer = down;
    for (let i = 0; i < 3; i++) await isUnavailable(signed(one.privateKey, 'one'));
    expect(host.requests).toHaveLength(1);
    clock.forward(6 * SECOND);
    await isUnavailable(signed(one.privateKey, 'one'));
    expect(messages()).toEqual(['the keys that sign tokens cannot be fetched']);
    host.answer = KeyHost.json([ONE]);
    clock.forward(6 * SECOND);
    await letsIn(signed(one.privateKey, 'one'));
    expect(messages().at(-1)).toBe('the keys that sign tokens can be fetched again');
  });

  test('is bridged for an hour by the last set, and then nobody gets in', async () => {
    await letsIn(signed(one.privateKey, 'one'));
    host.answer = down;
    for (const ms of [11 * MINUTE, 20 * MINUTE, 28 * MINUTE]) {
      clock.forward(ms);
      await letsIn(signed(one.privateKey, 'one'));
    }
    clock.forward(2 * MINUTE);
    await isUnavailable(signed(one.privateKey, 'one'));
    expect(messages()).toEqual(['the keys that sign tokens cannot be fetched']);
  });

  test('that is known makes nobody wait', async () => {
    await letsIn(signed(one.privateKey, 'one'));
    host.answer = down;
    clock.forward(11 * MINUTE);
    await letsIn(signed(one.privateKey, 'one'));
    host.answer = () => {};
    clock.forward(MINUTE);
    await letsIn(signed(one.privateKey, 'one'));
    await letsIn(signed(one.privateKey, 'one'));
  });

  test('does not excuse a clock that was set back', async () => {
    await letsIn(signed(one.privateKey, 'one'));
    clock.forward(-2 * HOUR);
    await letsIn(signed(one.privateKey, 'one'));
    expect(host.requests).toHaveLength(2);
  });

  test.each<[string, KeyHost['answer']]>([
    ['a redirect', (response) => response.writeHead(302, { location: '/elsewhere' }).end()],
    ['another success', (response) => response.writeHead(204).end()],
    ['no JSON', (response) => response.end('<html>')],
    ['no set', (response) => response.end('[]')],
    ['no keys', KeyHost.json([])],
    ['no usable keys', KeyHost.json([{ kty: 'oct', kid: 'one', k: 'c2VjcmV0' }])],
    ['more than 256 KB', KeyHost.json([ONE, { kty: 'oct', k: 'x'.repeat(300_000) }])],
    ['a connection that breaks', (response) => response.destroy()],
  ])('is also %s', async (_name, answer) => {
    host.answer = answer;
    await isUnavailable(signed(one.privateKey, 'one'));
    expect(host.requests).toEqual(['/jwks']);
  });

  test('is no reason to look at a token that is none', async () => {
    host.answer = down;
    await expect(authenticate(['Bearer a.b.c'])).rejects.toBeInstanceOf(UnauthenticatedError);
    expect(await authenticate([])).toBeNull();
    expect(host.requests).toEqual([]);
  });
});
