import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { DELETE, ERASURE } from './support/documents.ts';
import { ended, erase, requestErasure, taskAt } from './support/erasures.ts';
import { startWorld, type World } from './support/world.ts';

let world: World;
/** Each test deletes somebody else: people with an account everywhere and no active subscription. */
let people: Generator<number>;

beforeAll(async () => {
  world = await startWorld();
  people = (function* () {
    for (const { number, particle, engagelab, learn, vpn, onelogin } of world.people.slice(2)) {
      if (particle && engagelab && learn && vpn && onelogin && number % 25 !== 0) yield number;
    }
  })();
});

afterAll(() => world.close());

afterEach(async () => {
  for (const vendor of Object.values(world.vendors)) {
    await vendor.fault();
    await vendor.forget();
  }
});

const next = (): number => people.next().value as number;

describe('asking twice', () => {
  test('with the same key and input: the same erasure', async () => {
    const input = { idempotencyKey: 'once' };
    const number = next();
    const id = await requestErasure(world.admin, world.id(number), input);
    expect(await requestErasure(world.admin, world.id(number), input)).toBe(id);
    await ended(world.admin, id);
    expect(await requestErasure(world.admin, world.id(number), input)).toBe(id);
  });

  test('with the same key and another input: an error', async () => {
    const number = next();
    const id = await requestErasure(world.admin, world.id(number), { idempotencyKey: 'taken' });
    const input = { customerId: world.id(next()), reason: 'a test', idempotencyKey: 'taken' };
    expect((await world.admin.data(DELETE, { input })).deleteCustomer.__typename).toBe(
      'IdempotencyConflictError',
    );
    await ended(world.admin, id);
  });

  test('with the key of somebody else: an erasure of its own', async () => {
    const master = await world.as({ role: 'MASTER' });
    const id = await requestErasure(master, world.id(next()), { idempotencyKey: 'once' });
    expect((await ended(master, id)).state).toBe('COMPLETED');
  });

  test('without a key while the first goes on: the first is named', async () => {
    await world.vendors.vpn.fault({ kind: 'LATENCY', ms: 300, method: 'DELETE' });
    const customerId = world.id(next());
    const id = await requestErasure(world.admin, customerId);
    const { deleteCustomer } = await world.admin.data(DELETE, { input: { customerId, reason: 'again' } });
    expect(deleteCustomer).toMatchObject({ __typename: 'ErasureAlreadyOpenError', erasure: { id } });
    await ended(world.admin, id);
  });

  test('twenty times at once with one key: one erasure', async () => {
    const customerId = world.id(next());
    const input = { idempotencyKey: 'twenty' };
    const ids = await Promise.all(
      Array.from({ length: 20 }, () => requestErasure(world.admin, customerId, input)),
    );
    expect(new Set(ids).size).toBe(1);
    expect((await ended(world.admin, ids[0]!)).state).toBe('COMPLETED');
    expect(await world.vendors.onelogin.deletes()).toHaveLength(1);
  });
});

describe('stopping', () => {
  const CANCEL = `mutation ($id: ID!) {
    cancelErasure(input: { erasureId: $id, reason: "changed our mind" }) {
      __typename
      ... on CancelErasurePayload { erasure { id cancelRequestedAt } }
      ... on ErasureFinishedError { erasure { state } }
    }
  }`;

  test('before anything is gone: CANCELED, nothing deleted', async () => {
    await world.vendors.vpn.fault({ kind: 'RATE_LIMIT', method: 'DELETE', retryAfterSeconds: 2 });
    const id = await requestErasure(world.admin, world.id(next()));
    await world.admin.watch(
      `subscription ($id: ID!) { erasureProgress(erasureId: $id) { waitingReason } }`,
      { id },
      (results) => results.at(-1)?.data?.erasureProgress.waitingReason === 'RATE_LIMIT',
    );
    await world.admin.data(CANCEL, { id });
    const erasure = await ended(world.admin, id);
    expect(erasure).toMatchObject({ state: 'CANCELED', irreversibleAt: null });
    expect(erasure.tasks.every((task: { state: string }) => task.state === 'CANCELED')).toBe(true);
    for (const name of ['particle', 'engagelab', 'learn', 'onelogin'] as const) {
      expect(await world.vendors[name].deletes()).toEqual([]);
    }
  });

  test('after something is gone: PARTIAL, what is left is not deleted', async () => {
    await world.vendors.particle.fault({ kind: 'LATENCY', ms: 300, method: 'DELETE' });
    const id = await requestErasure(world.admin, world.id(next()));
    await world.admin.watch(
      `subscription ($id: ID!) { erasureProgress(erasureId: $id) { action } }`,
      { id },
      (results) => results.at(-1)?.data?.erasureProgress.action === 'erasure.irreversible',
    );
    await world.admin.data(CANCEL, { id });
    const erasure = await ended(world.admin, id);
    expect(erasure.state).toBe('PARTIAL');
    expect(taskAt(erasure, 'vpn')).toMatchObject({ state: 'SUCCEEDED', outcome: 'SOFT_DELETED' });
    expect(taskAt(erasure, 'onelogin')).toMatchObject({ state: 'CANCELED', outcome: null });
    expect(await world.vendors.onelogin.deletes()).toEqual([]);
  });

  test('what has ended: an error that shows how', async () => {
    const { id } = await erase(world.admin, world.id(next()));
    const { cancelErasure } = await world.admin.data(CANCEL, { id });
    expect(cancelErasure).toEqual({ __typename: 'ErasureFinishedError', erasure: { state: 'COMPLETED' } });
  });
});

describe('a right that is lost on the way', () => {
  test('stops what has not begun', async () => {
    const number = world.people.find(
      (person) => person.manager === 'meadow' && person.vpn && person.onelogin && person.number > 60,
    )!.number;
    const meadow = await world.as({ role: 'RESALE', manager: 'meadow' });
    await world.vendors.vpn.fault({ kind: 'LATENCY', ms: 300, method: 'DELETE' });
    const id = await requestErasure(meadow, world.id(number));
    const customer = Buffer.from(world.id(number), 'base64url').toString('utf8').split(':')[1]!;
    await world.gateway.store.db
      .updateTable('customer')
      .set({ manager_id: 'glacier' })
      .where('id', '=', customer)
      .execute();
    const erasure = await ended(world.admin, id);
    expect(taskAt(erasure, 'onelogin')).toMatchObject({ state: 'BLOCKED', errorCode: 'NOT_AUTHORISED' });
    expect(await world.vendors.onelogin.deletes()).toEqual([]);
    expect((await meadow.data(ERASURE, { id })).erasure).toBeNull();
  });
});
