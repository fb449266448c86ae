import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GraphqlAnswer } from './support/api.ts';
import { ended } from './support/erasures.ts';
import { startWorld, type World } from './support/world.ts';

let aheadMs = 0;
let world: World;

beforeAll(async () => {
  world = await startWorld({ clock: { now: () => new Date(Date.now() + aheadMs) } });
});

afterAll(() => world.close());

const planOf = async (number: number): Promise<GraphqlAnswer['data']> =>
  (
    await world.admin.data(
      'query ($id: ID!) { erasurePlan(customerId: $id) { hash expiresAt items { sideEffects { code count } } } }',
      { id: world.id(number) },
    )
  ).erasurePlan;

const erase = async (number: number, planHash: string, input: object = {}): Promise<GraphqlAnswer['data']> =>
  (
    await world.admin.data(
      `mutation ($input: DeleteCustomerInput!) { deleteCustomer(input: $input) {
        __typename
        ... on DeleteCustomerPayload { erasure { id } }
        ... on PlanChangedError { changes { integration { id } kind message } plan { hash } }
        ... on PlanExpiredError { plan { hash } }
      } }`,
      { input: { customerId: world.id(number), reason: 'a test', planHash, ...input } },
    )
  ).deleteCustomer;

const deletes = async (): Promise<string[]> =>
  (await Promise.all(Object.values(world.vendors).map((vendor) => vendor.deletes()))).flat();

interface Devices {
  devices: { id: string; owner: string | null }[];
}

const claimOneMore = async (owner: string): Promise<void> => {
  const state = await world.vendors.particle.state<Devices>();
  const free = state.devices.find((device) => device.owner !== owner)!;
  const devices = state.devices.map((device) => (device.id === free.id ? { ...device, owner } : device));
  await world.vendors.particle.hold({ ...state, devices });
};

test('a device that was claimed after the plan: refused, and named; the new plan is carried out', async () => {
  const { hash } = await planOf(1);
  await claimOneMore(world.person(1).email);
  const refused = await erase(1, hash);
  expect(refused).toMatchObject({
    __typename: 'PlanChangedError',
    changes: [
      {
        integration: { id: 'particle' },
        kind: 'SIDE_EFFECTS',
        message: 'CLAIMED_DEVICES: 3 in the plan, 4 now',
      },
    ],
  });
  expect(await deletes()).toEqual([]);
  const accepted = await erase(1, refused.plan.hash);
  expect((await ended(world.admin, accepted.erasure.id)).state).toBe('COMPLETED');
});

test('an account that went and came back as another one: refused', async () => {
  const { hash } = await planOf(3);
  const state = await world.vendors.onelogin.state<{ users: { id: number; created_at: string }[] }>();
  const { id } = world.person(3).onelogin!;
  const users = state.users.map((user) =>
    user.id === id ? { ...user, created_at: '2026-01-01T00:00:00.000Z' } : user,
  );
  await world.vendors.onelogin.hold({ ...state, users });
  const { changes } = await erase(3, hash);
  expect(changes.map((change: { kind: string }) => change.kind)).toEqual(['APPEARED', 'GONE']);
});

test('a provider that cannot be asked now: refused', async () => {
  const { hash } = await planOf(4);
  await world.vendors.learn.fault({ kind: 'STATUS', status: 503 });
  const { changes } = await erase(4, hash);
  expect(changes).toContainEqual(expect.objectContaining({ integration: { id: 'learn' } }));
  await world.vendors.learn.fault();
});

test('a plan of all integrations for a deletion at one: refused', async () => {
  const { hash } = await planOf(5);
  const { changes } = await erase(5, hash, { integrationIds: ['learn'] });
  expect(new Set(changes.map((change: { kind: string }) => change.kind))).toEqual(new Set(['GONE']));
});

test('a plan of somebody else, one that never was, and one that is too old: refused', async () => {
  const { hash, expiresAt } = await planOf(6);
  expect(await erase(7, hash)).toMatchObject({ __typename: 'PlanExpiredError' });
  expect(await erase(6, 'bm90IGEgcGxhbg')).toMatchObject({ __typename: 'PlanExpiredError' });
  aheadMs = Date.parse(expiresAt) - Date.now();
  expect(await erase(6, hash)).toMatchObject({ __typename: 'PlanExpiredError' });
  aheadMs = 0;
  expect(await erase(6, hash)).toMatchObject({ __typename: 'DeleteCustomerPayload' });
});
