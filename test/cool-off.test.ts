import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GraphqlAnswer } from './support/api.ts';
import { APPROVE, CANCEL, DELETE, ERASURE } from './support/documents.ts';
import { ended, requestErasure, taskAt, waitsFor } from './support/erasures.ts';
import { MovableClock } from './support/movable-clock.ts';
import { startWorld, type World } from './support/world.ts';

const DAY_MS = 24 * 3_600_000;
const clock = new MovableClock();
let world: World;
let numbers: number[];
let number: number;

beforeAll(async () => {
  world = await startWorld({ clock }, { learn: { mayBeSuspended: true } });
  numbers = world.people
    .filter(({ vpn, particle, learn, onelogin }) => vpn && particle && learn && onelogin)
    .map((person) => person.number)
    .slice(5);
});

afterAll(() => world.close());

beforeEach(() => {
  number = numbers.shift()!;
});

const deletes = async (): Promise<number> =>
  (await Promise.all(Object.values(world.vendors).map((vendor) => vendor.deletes()))).flat().length;

const inTwoDays = (): string => new Date(clock.now().getTime() + 2 * DAY_MS).toISOString();

/** Lets what waits look at the clock. */
const look = (): Promise<GraphqlAnswer['data']> =>
  world.admin.data(`mutation { resumeErasures(input: { reason: "look at the clock" }) { __typename } }`);

const read = async (id: string): Promise<GraphqlAnswer['data']> =>
  (await world.admin.data(ERASURE, { id })).erasure;

const suspended = async (): Promise<{ learn: boolean; onelogin: boolean }> => {
  const { learn, onelogin } = world.person(number);
  const users = (await world.vendors.learn.state<{ users: { ref: string; status: string }[] }>()).users;
  const others = (await world.vendors.onelogin.state<{ users: { id: number; status: number }[] }>()).users;
  return {
    learn: users.find(({ ref }) => ref === learn!.ref)?.status === 'inactive',
    onelogin: others.find(({ id }) => id === onelogin!.id)?.status === 2,
  };
};

describe('an erasure with a time', () => {
  test('deletes nothing before it, and everything after', async () => {
    const before = await deletes();
    const id = await requestErasure(world.admin, world.id(number), { scheduledFor: inTwoDays() });
    await waitsFor(world.admin, id, 'COOL_OFF');
    clock.forward(DAY_MS);
    await look();
    expect(await read(id)).toMatchObject({ state: 'SCHEDULED', irreversibleAt: null });
    expect(await deletes()).toBe(before);
    clock.forward(DAY_MS);
    await look();
    expect((await ended(world.admin, id)).state).toBe('COMPLETED');
    expect(await suspended()).toEqual({ learn: false, onelogin: false });
  });

  test('is not in the past, and not in a year', async () => {
    for (const scheduledFor of ['2020-01-01T00:00:00Z', new Date(clock.now().getTime() + 365 * DAY_MS)]) {
      const { deleteCustomer } = await world.admin.data(DELETE, {
        input: { customerId: world.id(number), reason: 'a test', scheduledFor },
      });
      expect(deleteCustomer.issues).toEqual([{ path: 'scheduledFor', message: 'In the next 90 days.' }]);
    }
    const { deleteCustomer } = await world.admin.data(DELETE, {
      input: { customerId: world.id(number), reason: 'a test', suspendMeanwhile: true },
    });
    expect(deleteCustomer.issues).toEqual([{ path: 'suspendMeanwhile', message: 'Only with scheduledFor.' }]);
  });

  test('suspends meanwhile where that can be undone, and a cancellation restores it', async () => {
    const before = await deletes();
    const input = { scheduledFor: inTwoDays(), suspendMeanwhile: true };
    const id = await requestErasure(world.admin, world.id(number), input);
    await expect.poll(suspended).toEqual({ learn: true, onelogin: true });
    await world.admin.data(CANCEL, { id });
    const erasure = await ended(world.admin, id);
    expect(erasure).toMatchObject({ state: 'CANCELED', irreversibleAt: null });
    expect(await suspended()).toEqual({ learn: false, onelogin: false });
    for (const task of erasure.tasks) expect(task).toMatchObject({ state: 'CANCELED', suspended: false });
    expect(await deletes()).toBe(before);
  });

  test('that cannot restore what it suspended does not say that it was canceled cleanly', async () => {
    const input = { scheduledFor: inTwoDays(), suspendMeanwhile: true };
    const id = await requestErasure(world.admin, world.id(number), input);
    await expect.poll(suspended).toEqual({ learn: true, onelogin: true });
    await world.vendors.learn.fault({ kind: 'STATUS', status: 403, method: 'PATCH' });
    await world.admin.data(CANCEL, { id });
    const erasure = await ended(world.admin, id);
    await world.vendors.learn.fault();
    expect(erasure.state).toBe('FAILED');
    expect(taskAt(erasure, 'learn')).toMatchObject({
      state: 'FAILED',
      suspended: true,
      errorCode: 'FORBIDDEN',
    });
    expect(taskAt(erasure, 'onelogin')).toMatchObject({ state: 'CANCELED', suspended: false });
  });

  test('is stopped by a hold, which restores what was suspended', async () => {
    const input = { scheduledFor: inTwoDays(), suspendMeanwhile: true };
    const id = await requestErasure(world.admin, world.id(number), input);
    await expect.poll(suspended).toEqual({ learn: true, onelogin: true });
    await world.admin.data(
      `mutation ($id: ID!) { placeHold(input: { customerId: $id, ground: "a dispute" }) { __typename } }`,
      { id: world.id(number) },
    );
    const erasure = await ended(world.admin, id);
    expect(erasure.state).toBe('FAILED');
    for (const task of erasure.tasks)
      expect(task).toMatchObject({ state: 'BLOCKED', outcome: 'RETAINED', errorCode: 'HELD' });
    expect(await suspended()).toEqual({ learn: false, onelogin: false });
  });

  test('is looked at again before it begins: what has changed needs an approval', async () => {
    const { email } = world.person(number);
    const id = await requestErasure(world.admin, world.id(number), { scheduledFor: inTwoDays() });
    await waitsFor(world.admin, id, 'COOL_OFF');
    const state = await world.vendors.particle.state<{ devices: { id: string; owner: string | null }[] }>();
    const device = { ...state.devices[0]!, id: `e00f${'7'.repeat(20)}`, owner: email };
    await world.vendors.particle.hold({ ...state, devices: [...state.devices, device] });
    const before = await deletes();
    clock.forward(2 * DAY_MS);
    await look();
    await waitsFor(world.admin, id, 'APPROVAL');
    expect(await read(id)).toMatchObject({ state: 'AWAITING_APPROVAL' });
    expect(await deletes()).toBe(before);
    const master = await world.as({ role: 'MASTER' });
    const query = `query ($id: ID!) { erasure(id: $id) { plan { hash items { sideEffects { code count } } } } }`;
    const { plan } = (await master.data(query, { id })).erasure;
    expect(JSON.stringify(plan)).toContain('CLAIMED_DEVICES');
    await master.data(APPROVE, { input: { erasureId: id, planHash: plan.hash } });
    expect((await ended(world.admin, id)).state).toBe('COMPLETED');
  });
});
