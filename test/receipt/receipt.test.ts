import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { runCommand, type Ended } from '../support/command.ts';
import { ended, erase, requestErasure } from '../support/erasures.ts';
import { payloadOf, receiptOf } from '../support/receipts.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let folder: string;
const logged: string[] = [];
/** People with an account everywhere, no active subscription and no alias, from the sixth on. */
let people: Generator<number>;

beforeAll(async () => {
  world = await startWorld({
    log: pino({ level: 'error' }, { write: (line: string) => void logged.push(line) }),
  });
  folder = mkdtempSync(join(tmpdir(), 'customer-gateway-receipt-'));
  people = (function* () {
    for (const { number, particle, engagelab, learn, vpn, onelogin } of world.people.slice(5))
      if (particle && engagelab && learn && vpn && onelogin && number % 25 !== 0) yield number;
  })();
});

afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});

const next = (): number => people.next().value as number;
const urlOf = (path: string): string => new URL(path, world.gateway.url).href;

/** Fetches a receipt and the keys as anyone can, and verifies the one by the others with the real command. */
async function verify(path: string, change = (jws: string) => jws): Promise<Ended> {
  const jws = await (await fetch(urlOf(path))).text();
  const keys = await (await fetch(urlOf('/.well-known/jwks.json'))).text();
  writeFileSync(join(folder, 'receipt.jws'), change(jws));
  writeFileSync(join(folder, 'keys.json'), keys);
  return runCommand(['verify-receipt', 'receipt.jws', '--keys', 'keys.json'], { folder });
}

describe('a customer who is deleted everywhere', () => {
  let erasure: Awaited<ReturnType<typeof erase>>;
  let receipt: Awaited<ReturnType<typeof receiptOf>>;
  let number: number;

  beforeAll(async () => {
    number = next();
    erasure = await erase(world.admin, world.id(number), { reason: 'asked for it' });
    receipt = await receiptOf(world.admin, erasure.id);
  });

  test('has a receipt that anyone verifies offline with the public keys', async () => {
    const { code, out, err } = await verify(receipt.path);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('The receipt is genuine.');
    expect(out).toMatch(/ended +COMPLETED, at/);
    expect(out).toContain('everywhere, by ADMIN');
    expect(out).toContain('"asked for it"');
    for (const row of [
      /learn +LEARN +FOUND +REDACTED +VERIFIED_REDACTED +2/,
      /vpn +VPN +FOUND +SOFT_DELETED +VERIFIED_ABSENT +2/,
      /onelogin +ONELOGIN +FOUND +DELETED +VERIFIED_ABSENT +2/,
    ])
      expect(out).toMatch(row);
    expect(out).toContain('Not carried through at: none');
    expect(out).toContain('Retained at: none');
  });

  test('has it at the first try', () => {
    expect(logged).toEqual([]);
  });

  test('has the same receipt whoever asks, and however often', async () => {
    expect(receipt.path).toBe(`/receipts/${receipt.id}`);
    for (const again of [await receiptOf(world.admin, erasure.id), receipt]) {
      const response = await fetch(urlOf(again.path));
      expect(response.headers.get('content-type')).toBe('application/jose');
      expect(await response.text()).toBe(receipt.jws);
    }
  });

  test('is not named in it, nor are their accounts', () => {
    const { email, name, engagelab, learn, vpn, onelogin } = world.person(number);
    const payload = payloadOf(receipt.jws) as { log: { checkpoint: string } };
    const told = [receipt.jws, JSON.stringify(payload), JSON.stringify(payloadOf(payload.log.checkpoint))];
    const secrets = [email, name, engagelab!.registrationId, learn!.ref, vpn!.userId, String(onelogin!.id)];
    for (const secret of secrets)
      for (const text of told) expect(text.toLowerCase()).not.toContain(secret.toLowerCase());
    expect(payload).toMatchObject({ erasureId: expect.any(String), requesterRole: 'ADMIN' });
  });

  test('a receipt that was changed is refused, with what is wrong', async () => {
    const other = (jws: string): string => jws.replace('eyJ', 'eyK');
    expect(await verify(receipt.path, other)).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('The receipt is not genuine. receipt: malformed'),
    });
    const { code } = await verify(receipt.path, (jws) => `${jws}\n`);
    expect(code, 'a line end is no change').toBe(0);
  });

  test('the keys may come from standard input, and have to be keys', async () => {
    const input = await (await fetch(urlOf('/.well-known/jwks.json'))).text();
    const run = (given: string) =>
      runCommand(['verify-receipt', 'receipt.jws', '--keys', '-'], { folder, input: given });
    expect(await run(input)).toMatchObject({ code: 0 });
    for (const bad of ['', '{}', '{"keys":[1]}']) {
      expect(await run(bad)).toMatchObject({ code: 2, err: '--keys is not a JWK Set (RFC 7517)\n' });
    }
    expect(await run('{"keys":[]}')).toMatchObject({ code: 1, err: expect.stringContaining('unknown kid') });
  });
});

describe('an erasure that did not do everything says so', () => {
  const told = async (erasureId: string): Promise<Record<string, unknown>> => {
    const receipt = await receiptOf(world.admin, erasureId);
    expect((await verify(receipt.path)).code).toBe(0);
    return payloadOf(receipt.jws);
  };

  test('PARTIAL, where an integration was down', async () => {
    await world.vendors.learn.fault({ kind: 'RESET_BEFORE' });
    const erasure = await erase(world.admin, world.id(next()));
    await world.vendors.learn.fault();
    expect(await told(erasure.id)).toMatchObject({
      state: 'PARTIAL',
      notReached: ['learn'],
      retained: [],
      reached: ['vpn', 'particle', 'engagelab', 'onelogin'],
    });
  });

  test('FAILED, where a hold came between, with its ground', async () => {
    await world.vendors.vpn.fault({ kind: 'RATE_LIMIT', method: 'DELETE', retryAfterSeconds: 1 });
    const customerId = world.id(next());
    const id = await requestErasure(world.admin, customerId);
    await world.admin.watch(
      'subscription ($id: ID!) { erasureProgress(erasureId: $id) { waitingReason } }',
      { id },
      (results) => results.at(-1)?.data?.erasureProgress.waitingReason === 'RATE_LIMIT',
    );
    await world.admin.data(
      'mutation ($id: ID!) { placeHold(input: { customerId: $id, ground: "a dispute" }) { __typename } }',
      { id: customerId },
    );
    await ended(world.admin, id);
    await world.vendors.vpn.fault();
    const body = await told(id);
    const places = ['vpn', 'particle', 'engagelab', 'learn', 'onelogin'];
    expect(body).toMatchObject({ state: 'FAILED', reached: [], notReached: [], retained: places });
    expect(body['tasks']).toMatchObject(
      places.map((integrationId) => ({ integrationId, ground: 'a dispute' })),
    );
    expect((await verify((await receiptOf(world.admin, id)).path)).out).toContain('vpn "a dispute"');
  });

  test('only where it was asked for', async () => {
    const { id } = await erase(world.admin, world.id(next()), { integrationIds: ['vpn', 'learn'] });
    expect(await told(id)).toMatchObject({
      state: 'COMPLETED',
      integrationIds: ['vpn', 'learn'],
      reached: ['vpn', 'learn'],
    });
  });

  test('without the reason, when that turned out to name an account', async () => {
    const number = next();
    const { email, onelogin } = world.person(number);
    const { db } = world.gateway.store;
    const customer = db.selectFrom('customer').select('id').where('email', '=', email);
    await db.deleteFrom('link').where('customer_id', 'in', customer).execute();
    await world.vendors.onelogin.fault({ kind: 'STATUS', status: 503, method: 'GET', times: 1 });
    const reason = `the account ${onelogin!.id}`;
    const erasure = await erase(world.admin, world.id(number), { integrationIds: ['onelogin'], reason });
    expect(await told(erasure.id)).toMatchObject({ state: 'COMPLETED', reason: null, reached: ['onelogin'] });
    const receipt = await receiptOf(world.admin, erasure.id);
    expect((await verify(receipt.path)).out).toContain('left out: it named the customer');
  });
});

test('a receipt that cannot be signed at first is signed later, and once', async () => {
  const { db } = world.gateway.store;
  await sql`alter table audit_leaf rename to audit_leaf_away`.execute(db);
  const erasure = await erase(world.admin, world.id(next()));
  expect(erasure.state).toBe('COMPLETED');
  const hasFailed = (): boolean =>
    logged.some((line) => line.includes('a step failed') && line.includes('audit_leaf'));
  await vi.waitUntil(hasFailed, { timeout: 10_000 });
  const { erasure: waiting } = await world.admin.data(
    'query ($id: ID!) { erasure(id: $id) { receipt { id } } }',
    { id: erasure.id },
  );
  expect(waiting).toEqual({ receipt: null });
  await sql`alter table audit_leaf_away rename to audit_leaf`.execute(db);
  const { path, jws } = await receiptOf(world.admin, erasure.id);
  expect((await verify(path)).code).toBe(0);
  expect(payloadOf(jws)).toMatchObject({ number: 1 });
});

describe('the open paths', () => {
  test.each([
    ['an unknown receipt', `/receipts/${'A'.repeat(32)}`],
    ['a malformed id', '/receipts/1'],
    ['no id', '/receipts/'],
    ['a path that climbs', '/receipts/..%2f.well-known%2fjwks.json'],
  ])('%s is not there, and looks like any other path', async (_name, path) => {
    const [response, elsewhere] = [await fetch(urlOf(path)), await fetch(urlOf('/nowhere'))];
    expect(response.status).toBe(404);
    expect(await response.text()).toBe(await elsewhere.text());
  });

  test('hold the public keys, for a while', async () => {
    const response = await fetch(urlOf('/.well-known/jwks.json'));
    expect(response.headers.get('cache-control')).toBe('public, max-age=300');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const { keys } = (await response.json()) as { keys: object[] };
    expect(keys).toMatchObject([{ kty: 'OKP', crv: 'Ed25519', use: 'sig' }]);
    expect(keys[0]).not.toHaveProperty('d');
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('take no %s', async (method) => {
    for (const path of ['/.well-known/jwks.json', `/receipts/${'A'.repeat(32)}`]) {
      const response = await fetch(urlOf(path), { method });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('GET, HEAD');
    }
  });

  test('take HEAD', async () => {
    const response = await fetch(urlOf('/.well-known/jwks.json'), { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(50);
    expect(await response.text()).toBe('');
  });

  test('are served under the known host names alone', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const options = { headers: { host: 'evil.test' } };
      request(urlOf('/.well-known/jwks.json'), options, (answer) => resolve(answer.resume().statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(421);
  });
});
