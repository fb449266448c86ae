import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GraphqlAnswer } from './support/api.ts';
import { callsOfAll } from './support/calls.ts';
import { PROGRESS } from './support/documents.ts';
import { StandingClock } from './support/standing-clock.ts';
import { mintToken, type TokenClaims } from './support/tokens.ts';
import { startWorld, type World } from './support/world.ts';

const clock = new StandingClock();

let world: World;

beforeAll(async () => {
  world = await startWorld({ clock, rates: { caller: 120, manager: 180 } });
});

afterAll(() => world.close());

const CHEAP = '{ viewer { subject } }';
/** 50 customers at the providers, and 50 items. */
const DEAR = '{ customers(first: 50) { edges { node { accounts { __typename } } } } }';

const admin = (subject: string): TokenClaims => ({ role: 'ADMIN', subject });

function expectRefused({ status, data, errors, headers }: GraphqlAnswer): number {
  expect({ status, data }).toEqual({ status: 429, data: null });
  const { code, retryAt } = errors[0]!.extensions as { code: string; retryAt: string };
  expect(code).toBe('RATE_LIMITED');
  const seconds = Number(headers.get('retry-after'));
  const waitMs = new Date(retryAt).getTime() - clock.now().getTime();
  expect(Math.abs(waitMs / 1000 - seconds)).toBeLessThan(2);
  return seconds;
}

describe('a caller', () => {
  test('is told in every answer what is left', async () => {
    const api = await world.as(admin('told'));
    const first = await api.send(CHEAP);
    expect(first.headers.get('ratelimit-policy')).toBe('"caller";q=120;w=60');
    expect(first.headers.get('ratelimit')).toMatch(/^"caller";r=119;t=\d+$/);
    const invalid = await api.send('{ nothing }');
    expect(invalid.headers.get('ratelimit')).toMatch(/^"caller";r=118;t=\d+$/);
    const dear = await api.send(DEAR);
    expect(dear.headers.get('ratelimit')).toMatch(/^"caller";r=63;t=\d+$/);
  });

  test('is refused when it is spent, before anything is read, and comes back when it was told', async () => {
    const api = await world.as(admin('spent'));
    for (let i = 0; i < 2; i++) expect((await api.send(DEAR)).status).toBe(200);
    const calls = await callsOfAll(world.vendors);
    const refused = await api.send(DEAR);
    const seconds = expectRefused(refused);
    expect(seconds).toBeGreaterThan(20);
    expect(refused.headers.get('ratelimit')).toMatch(/^"caller";r=\d;t=\d+$/);
    expect(await callsOfAll(world.vendors)).toBe(calls);
    clock.forward(seconds * 1000 + 1_000);
    expect((await api.send(DEAR)).status).toBe(200);
  });

  test('who is refused does not keep others out', async () => {
    const greedy = await world.as(admin('greedy'));
    while ((await greedy.send(DEAR)).status === 200);
    expect((await (await world.as(admin('modest'))).send(DEAR)).status).toBe(200);
  });

  test('who is spent has no document read', async () => {
    const api = await world.as(admin('nosy'));
    while ((await api.send(DEAR)).status === 200);
    while ((await api.send(CHEAP)).status === 200);
    expectRefused(await api.send('{ nothing }'));
  });

  test('opens a stream at its price', async () => {
    const api = await world.as(admin('stream'));
    const erasureId = Buffer.from('Erasure:00000000-0000-4000-8000-000000000000').toString('base64url');
    const [first] = await api.watch(PROGRESS, { id: erasureId });
    expect(first!.errors[0]!.extensions).not.toMatchObject({ code: 'RATE_LIMITED' });
    while ((await api.send(DEAR)).status === 200);
    while ((await api.send(CHEAP)).status === 200);
    const [refused] = await api.watch(PROGRESS, { id: erasureId });
    expect(refused!.errors[0]!.extensions).toMatchObject({ code: 'RATE_LIMITED' });
  });

  test('exports at its price', async () => {
    const token = await mintToken(admin('exporter'));
    const exported = (): Promise<Response> =>
      fetch(world.gateway.url.replace('/graphql', '/export'), {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ customerId: world.id(1), reason: 'asked for' }),
      });
    const lefts: (string | null)[] = [];
    for (let i = 0; i < 12; i++) {
      const response = await exported();
      expect(response.status).toBe(200);
      lefts.push(response.headers.get('ratelimit'));
      await response.text();
    }
    expect(lefts[0]).toMatch(/^"caller";r=110;/);
    const refused = await exported();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({
      errors: [{ extensions: { code: 'RATE_LIMITED', retryAt: expect.any(String) as string } }],
    });
  });
});

test('the callers of one tree of managers share a limit besides', async () => {
  const of = (subject: string, manager: string) => world.as({ role: 'RESALE', subject, manager });
  const [one, two, three] = await Promise.all([of('r1', 'glacier'), of('r2', 'meadow'), of('r3', 'alpine')]);
  const first = await one.send(DEAR);
  expect(first.headers.get('ratelimit-policy')).toBe('"caller";q=120;w=60, "manager";q=180;w=60');
  expect(first.headers.get('ratelimit')).toMatch(/^"caller";r=65;t=\d+, "manager";r=125;t=\d+$/);
  expect((await two.send(DEAR)).status).toBe(200);
  expect((await three.send(DEAR)).status).toBe(200);
  expectRefused(await of('r4', 'glacier').then((four) => four.send(DEAR)));
});

test('who has no valid token spends nothing, and does not reach the store', async () => {
  const rows = async (): Promise<number> =>
    (await world.gateway.store.db.selectFrom('caller_limit').select('key').execute()).length;
  const before = await rows();
  const ended = await world.as({ role: 'ADMIN', subject: 'ended', expiresIn: -60 });
  for (const api of [world.anonymous, ended]) {
    const { status, headers } = await api.send(DEAR);
    expect(status).toBe(401);
    expect(headers.get('ratelimit')).toBeNull();
  }
  expect(await rows()).toBe(before);
});
