import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ERASURE, RETRY, WAITING } from './support/documents.ts';
import type { Api, GraphqlAnswer } from './support/api.ts';
import { ended, erase, requestErasure, resolve, taskAt, waitsFor } from './support/erasures.ts';
import { MovableClock } from './support/movable-clock.ts';
import { startWorld, type World } from './support/world.ts';

const clock = new MovableClock();
let world: World;
let numbers: number[];
let number: number;

beforeAll(async () => {
  world = await startWorld({ clock });
  numbers = world.people
    .filter(
      ({ vpn, particle, learn, onelogin, engagelab }) => vpn && particle && learn && onelogin && engagelab,
    )
    .map((person) => person.number)
    .slice(5);
});

afterAll(() => world.close());

beforeEach(async () => {
  number = numbers.shift()!;
  for (const vendor of Object.values(world.vendors)) {
    await vendor.fault();
    await vendor.forget();
  }
});

type Users = { users: { id: string; ref: string | null; status: string }[] };

const deletes = async (): Promise<number> =>
  (await Promise.all(Object.values(world.vendors).map((vendor) => vendor.deletes()))).flat().length;

const retry = async (api: Api, erasureId: string): Promise<GraphqlAnswer['data']> =>
  (await api.data(RETRY, { input: { erasureId, reason: 'it is up again' } })).retryErasure;

/** An erasure whose Learn user was created again, under the same ref, before the gateway could look again. */
async function recreated(): Promise<{ id: string; ref: string }> {
  const { ref } = world.person(number).learn!;
  await world.vendors.learn.fault(
    { kind: 'RESET_AFTER', method: 'DELETE', times: 1 },
    { kind: 'LATENCY', method: 'GET', path: '/rest/v1/users/ref', since: 'DELETE', times: 1, ms: 4_000 },
  );
  const id = await requestErasure(world.admin, world.id(number));
  await world.admin.watch(WAITING, { id }, (events) => {
    const event = events.at(-1)?.data?.erasureProgress;
    return event?.integrationId === 'learn' && event.waitingReason === 'BACKOFF';
  });
  const state = await world.vendors.learn.state<Users>();
  const user = { ...state.users[0]!, id: `6467${'f'.repeat(19)}${number % 10}`, ref, status: 'active' };
  await world.vendors.learn.hold({ ...state, users: [...state.users, user] });
  await waitsFor(world.admin, id, 'NEEDS_REVIEW');
  return { id, ref };
}

const holdsRef = async (ref: string): Promise<boolean> =>
  (await world.vendors.learn.state<Users>()).users.some((user) => user.ref === ref);

describe('an account that was created again', () => {
  test('waits for a person, is in the list of what does, and is left when they say so', async () => {
    const { id, ref } = await recreated();
    const { erasures } = await world.admin.data(
      `{ erasures(waitingReasons: [NEEDS_REVIEW]) { edges { node { id tasks { errorCode waitingReason } } } } }`,
    );
    expect(erasures.edges.map(({ node }: { node: { id: string } }) => node.id)).toEqual([id]);
    expect(await resolve(world.admin, id, 'learn', 'SKIP')).toMatchObject({
      __typename: 'ErasureResumedPayload',
    });
    const erasure = await ended(world.admin, id);
    expect(taskAt(erasure, 'learn')).toMatchObject({ resolution: 'SKIP', resolvedBy: 'ADMIN' });
    expect(erasure.state).toBe('PARTIAL');
    expect(await holdsRef(ref)).toBe(true);
    expect(await retry(world.admin, id)).toMatchObject({ __typename: 'NothingToResolveError' });
  });

  test('is deleted when they say so, and only as they saw it', async () => {
    const { id, ref } = await recreated();
    expect(await resolve(world.admin, id, 'learn', 'DELETE')).toMatchObject({
      __typename: 'ErasureResumedPayload',
    });
    const erasure = await ended(world.admin, id);
    expect(erasure.state).toBe('COMPLETED');
    expect(taskAt(erasure, 'learn')).toMatchObject({ outcome: 'REDACTED', verdict: 'VERIFIED_REDACTED' });
    expect(await holdsRef(ref)).toBe(false);
  });

  test('while the erasure waited for its turn is noticed before its first delete', async () => {
    const { ref } = world.person(number).learn!;
    await world.admin.data(`mutation { pauseErasures(input: { reason: "hold on" }) { __typename } }`);
    const id = await requestErasure(world.admin, world.id(number));
    const state = await world.vendors.learn.state<Users>();
    const users = state.users.map((user) =>
      user.ref === ref ? { ...user, id: `6467${'e'.repeat(20)}` } : user,
    );
    await world.vendors.learn.hold({ ...state, users });
    clock.forward(10 * 60_000);
    await world.admin.data(`mutation { resumeErasures(input: { reason: "go on" }) { __typename } }`);
    await waitsFor(world.admin, id, 'NEEDS_REVIEW');
    const { erasure } = await world.admin.data(ERASURE, { id });
    expect(taskAt(erasure, 'learn')).toMatchObject({ errorCode: 'RECREATED', waitingReason: 'NEEDS_REVIEW' });
    await resolve(world.admin, id, 'learn', 'SKIP');
    expect((await ended(world.admin, id)).state).toBe('PARTIAL');
    expect(await holdsRef(ref)).toBe(true);
  });

  test('is nobody else’s to judge', async () => {
    const { id } = await recreated();
    const reseller = await world.as({ role: 'RESALE', manager: 'alpine' });
    await expect(resolve(reseller, id, 'learn', 'DELETE')).rejects.toThrow();
    const { erasure } = await world.admin.data(ERASURE, { id });
    expect(taskAt(erasure, 'learn').waitingReason).toBe('NEEDS_REVIEW');
    await resolve(world.admin, id, 'learn', 'SKIP');
    await ended(world.admin, id);
  });
});

describe('what an erasure left undone', () => {
  const failed = async (): Promise<string> => {
    await world.vendors.particle.fault({ kind: 'STATUS', status: 403, method: 'DELETE' });
    const erasure = await erase(world.admin, world.id(number));
    expect(erasure.state).toBe('PARTIAL');
    expect(taskAt(erasure, 'particle')).toMatchObject({ state: 'FAILED', errorCode: 'FORBIDDEN' });
    await world.vendors.particle.fault();
    return erasure.id;
  };

  test('is done in the same erasure when it is retried, and nothing else is done twice', async () => {
    const id = await failed();
    const before = await world.vendors.vpn.deletes();
    expect(await retry(world.admin, id)).toMatchObject({ erasure: { id, state: 'RUNNING' } });
    const erasure = await ended(world.admin, id);
    expect(erasure.state).toBe('COMPLETED');
    expect(taskAt(erasure, 'particle')).toMatchObject({ outcome: 'DELETED', resolution: 'RETRY' });
    expect(erasure.customer).toMatchObject({ email: null });
    expect(await world.vendors.vpn.deletes()).toEqual(before);
    expect(await retry(world.admin, id)).toMatchObject({ __typename: 'NothingToResolveError' });
  });

  test('is believed to be done by hand only when a look shows it', async () => {
    const id = await failed();
    await resolve(world.admin, id, 'particle', 'DONE_BY_HAND');
    const lie = await ended(world.admin, id);
    expect(taskAt(lie, 'particle')).toMatchObject({ state: 'FAILED', verdict: 'STILL_PRESENT' });
    expect(lie.state).toBe('PARTIAL');
    const { email } = world.person(number);
    const state = await world.vendors.particle.state<{ customers: { username: string }[] }>();
    const customers = state.customers.filter(({ username }) => username !== email);
    await world.vendors.particle.hold({ ...state, customers });
    const sent = await deletes();
    await resolve(world.admin, id, 'particle', 'DONE_BY_HAND');
    const erasure = await ended(world.admin, id);
    expect(taskAt(erasure, 'particle')).toMatchObject({ outcome: 'DELETED', verdict: 'VERIFIED_ABSENT' });
    expect(erasure.state).toBe('COMPLETED');
    expect(await deletes()).toBe(sent);
  });

  test('is left when a person says so: RETAINED, with their reason as the ground', async () => {
    const id = await failed();
    await resolve(world.admin, id, 'particle', 'SKIP');
    const erasure = await ended(world.admin, id);
    expect(erasure.state).toBe('PARTIAL');
    expect(taskAt(erasure, 'particle')).toMatchObject({
      state: 'BLOCKED',
      outcome: 'RETAINED',
      errorCode: 'SKIPPED',
      resolutionReason: 'looked at it',
    });
    expect(erasure.customer.email).not.toBeNull();
  });

  test('is in the audit log, with who and why', async () => {
    const id = await failed();
    await resolve(world.admin, id, 'particle', 'SKIP');
    await ended(world.admin, id);
    const { auditLog } = await world.admin.data(
      `query ($id: ID!) { auditLog(erasureId: $id, first: 100) { edges { node { action actor reason } } } }`,
      { id },
    );
    const entries = auditLog.edges.map(({ node }: { node: object }) => node);
    expect(entries).toContainEqual({ action: 'task.skip', actor: 'ADMIN', reason: 'looked at it' });
  });

  test('is not begun beside another erasure of the customer', async () => {
    const id = await failed();
    await world.vendors.vpn.fault({ kind: 'RATE_LIMIT', method: 'DELETE', retryAfterSeconds: 3600 });
    await world.admin.data(`mutation { pauseErasures(input: { reason: "hold on" }) { __typename } }`);
    const other = await requestErasure(world.admin, world.id(number));
    expect(await retry(world.admin, id)).toMatchObject({ __typename: 'ErasureAlreadyOpenError' });
    await world.vendors.vpn.fault();
    await world.admin.data(`mutation { resumeErasures(input: { reason: "go on" }) { __typename } }`);
    await ended(world.admin, other);
  });
});
