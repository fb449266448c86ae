import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Api } from './support/api.ts';
import { startWorld, type World } from './support/world.ts';

const HEALTH = `{ integrations {
  id canCreate canIssueTokens
  health { reachable authenticated mayDelete why rateLimitLeft clockSkewMs checkedAt }
} }`;

const START = Date.parse('2030-01-01T00:00:00Z');

let now = START;
let world: World;

beforeAll(async () => {
  world = await startWorld({ clock: { now: () => new Date(now) } });
});

beforeEach(async () => {
  now += 3_600_000;
  await Promise.all(Object.values(world.vendors).map((vendor) => vendor.forget()));
});

afterAll(() => world.close());

async function healthOf(id: string, api: Api = world.admin) {
  const { integrations } = await api.data(HEALTH);
  return integrations.find((integration: { id: string }) => integration.id === id).health;
}

/** Requests that reached all vendors since they last forgot. */
async function callCount(): Promise<number> {
  const ledgers = await Promise.all(Object.values(world.vendors).map((vendor) => vendor.ledger()));
  return ledgers.flat().length;
}

test('tells of each integration what its provider tells, and null of the rest', async () => {
  const { integrations } = await world.admin.data(HEALTH);
  const seen = { reachable: true, authenticated: true, mayDelete: true, why: null };
  const told = { clockSkewMs: expect.any(Number), checkedAt: new Date(now).toISOString() };
  const base = { canCreate: false, canIssueTokens: false };
  expect(integrations).toEqual([
    {
      id: 'particle',
      canCreate: true,
      canIssueTokens: true,
      health: { ...seen, rateLimitLeft: null, ...told },
    },
    { id: 'engagelab', ...base, health: { ...seen, rateLimitLeft: null, ...told } },
    { id: 'learn', ...base, health: { ...seen, rateLimitLeft: null, ...told } },
    {
      id: 'vpn',
      ...base,
      health: {
        ...seen,
        mayDelete: null,
        why: 'the token does not say when it ends, nor what it may do',
        rateLimitLeft: null,
        clockSkewMs: null,
        checkedAt: told.checkedAt,
      },
    },
    {
      id: 'onelogin',
      ...base,
      health: {
        ...seen,
        mayDelete: null,
        why: expect.stringContaining('does not tell the scope'),
        rateLimitLeft: 4_999,
        ...told,
      },
    },
  ]);
  for (const { health } of integrations) expect(Math.abs(health.clockSkewMs ?? 0)).toBeLessThan(5_000);
});

test('many who ask at once make one look at each, by calls that only read', async () => {
  await world.vendors.engagelab.fault({ kind: 'LATENCY', ms: 100 });
  const aliases = Array.from({ length: 20 }, (_, i) => `a${i}: integrations { id health { reachable } }`);
  await Promise.all(Array.from({ length: 10 }, () => world.admin.data(`{ ${aliases.join(' ')} }`)));
  await world.vendors.engagelab.fault();
  const calls = await Promise.all(Object.values(world.vendors).map((vendor) => vendor.calls()));
  expect(calls.map((one) => one.map(({ method }) => method))).toEqual([
    ['GET'],
    ['GET'],
    ['GET'],
    ['GET'],
    ['GET'],
  ]);
});

test('a look is kept for 30 seconds, also one that failed', async () => {
  await world.vendors.learn.fault({ kind: 'RESET_BEFORE' });
  const failed = { reachable: false, authenticated: null, mayDelete: null, clockSkewMs: null };
  expect(await healthOf('learn')).toMatchObject(failed);
  const count = await callCount();
  await world.vendors.learn.fault();

  now += 29_999;
  expect(await healthOf('learn')).toMatchObject(failed);
  expect(await callCount()).toBe(count);

  now += 1;
  expect(await healthOf('learn')).toMatchObject({ reachable: true, authenticated: true });
});

test('needs integrations:read, without which nobody is asked', async () => {
  const reader = await world.as({ role: 'ADMIN', scopes: ['customers:read'] });
  const owner = { id: world.id(1) };
  const { data, errors } = await reader.send(
    `query ($id: ID!) { customer(id: $id) { accounts { ... on Account { integration { id health { why } } } } } }`,
    owner,
  );
  expect(new Set(errors.map(({ message }) => message))).toEqual(
    new Set(['The scope integrations:read is needed.']),
  );
  const [{ integration }] = data.customer.accounts;
  expect(integration).toEqual({ id: 'particle', health: null });
  expect((await world.vendors.engagelab.calls()).map(({ path }) => path)).not.toContain('/v4/tags');

  const operator = await world.as({ role: 'MASTER', scopes: ['integrations:read'] });
  expect(await healthOf('engagelab', operator)).toMatchObject({ reachable: true });
});
