import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { callsOf, forgetCalls, NO_CALLS } from '../support/calls.ts';
import { erase } from '../support/erasures.ts';
import type { TokenClaims } from '../support/tokens.ts';
import { startWorld, type World } from '../support/world.ts';

const HELD = `query ($id: ID!) { customer(id: $id) { accounts { ... on Account { externalId } } } }`;
const AT_LEARN = HELD.replace('accounts', 'accounts(integrationIds: ["learn"])');
/** Time enough for many requests to come to their look. */
const SLOWLY = { kind: 'LATENCY', ms: 2_000 } as const;
/** Says how things were when it was asked, and takes its time about it. */
const LONG_WINDED = { kind: 'SLOW_BODY', ms: 10, path: '/rest/v1/users/ref', times: 1 } as const;

let world: World;

beforeAll(async () => {
  world = await startWorld();
  await world.admin.data(HELD, { id: world.id(1) });
});

afterAll(() => world.close());

afterEach(async () => {
  await Promise.all(Object.values(world.vendors).map((vendor) => vendor.fault()));
  await forgetCalls(world.vendors);
});

/** Person 1 is managed by `glacier`, which is below `alpine`. */
const VIEWERS: readonly TokenClaims[] = [
  { role: 'ADMIN' },
  { role: 'MASTER' },
  { role: 'RESALE', manager: 'alpine' },
  { role: 'RESALE', manager: 'glacier' },
  { role: 'RESALE', manager: 'meadow' },
];

const isForeign = ({ manager }: TokenClaims): boolean => manager === 'meadow';

test('fifty viewers at once cost the calls of one, and those whose customer it is not learn nothing', async () => {
  await forgetCalls(world.vendors);
  await Promise.all(Object.values(world.vendors).map((vendor) => vendor.fault(SLOWLY)));
  const fifty = Array.from({ length: 50 }, (_, i) => ({
    ...VIEWERS[i % VIEWERS.length]!,
    subject: `viewer-${i}`,
  }));
  const answers = await Promise.all(
    fifty.map(async (claims) => (await world.as(claims)).data(HELD, { id: world.id(1) })),
  );
  const { email, engagelab, learn, vpn, onelogin } = world.person(1);
  const ids = [email, engagelab!.registrationId, learn!.ref, vpn!.userId, String(onelogin!.id)];
  const accounts = ids.map((externalId) => ({ externalId }));
  expect(answers).toEqual(fifty.map((claims) => ({ customer: isForeign(claims) ? null : { accounts } })));
  expect(await callsOf(world.vendors)).toEqual({ particle: 1, engagelab: 1, learn: 1, vpn: 1, onelogin: 1 });
});

test('a look that was begun before a deletion answers nobody who comes after it', async () => {
  await world.vendors.learn.fault(LONG_WINDED);
  const before = world.admin.data(AT_LEARN, { id: world.id(1) });
  await expect.poll(() => callsOf(world.vendors)).toEqual({ ...NO_CALLS, learn: 1 });
  const { state } = await erase(world.admin, world.id(1), { integrationIds: ['learn'] });
  const after = await world.admin.data(AT_LEARN, { id: world.id(1) });
  expect(state).toBe('COMPLETED');
  expect(after).toEqual({ customer: { accounts: [] } });
  expect(await before).toEqual({ customer: { accounts: [{ externalId: world.person(1).learn!.ref }] } });
});
