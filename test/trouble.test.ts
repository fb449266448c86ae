import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Fault } from '../src/sandbox/fault.ts';
import { PARTICLE_CLIENT } from '../src/sandbox/particle.ts';
import { DELETE, ERASURE } from './support/documents.ts';
import { ended, erase, requestErasure, resolve, taskAt, waitsFor } from './support/erasures.ts';
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

/** The kinds and results of a task's attempts, in order. */
const course = (erasure: object, id: string): string[] =>
  taskAt(erasure, id).attempts.map(
    ({ kind, result }: { kind: string; result: string }) => `${kind} ${result}`,
  );

describe('a provider that is down', () => {
  test('at the plan and all along: PARTIAL, nothing said to be deleted that is not', async () => {
    await world.vendors.learn.fault({ kind: 'RESET_BEFORE' });
    const erasure = await erase(world.admin, world.id(next()));
    expect(erasure.state).toBe('PARTIAL');
    expect(taskAt(erasure, 'learn')).toMatchObject({
      presence: 'UNREACHABLE',
      state: 'FAILED',
      outcome: null,
      errorCode: 'UNAVAILABLE',
    });
    expect(taskAt(erasure, 'onelogin')).toMatchObject({ outcome: 'DELETED', verdict: 'VERIFIED_ABSENT' });
    expect(await world.vendors.learn.deletes()).toEqual([]);
    expect(erasure.customer.erasedAt).toBeNull();
    expect(erasure.summary).toContain('failed (unavailable) at learn');
  });

  test('only at the plan: found later, and deleted', async () => {
    await world.vendors.learn.fault({ kind: 'RESET_BEFORE', times: 1, path: '/rest/v1/users/ref' });
    const erasure = await erase(world.admin, world.id(next()));
    expect(erasure.state).toBe('COMPLETED');
    expect(course(erasure, 'learn')).toEqual(['PROBE OK', 'DELETE OK', 'VERIFY OK']);
  });

  test('that may refuse, and is asked first: FAILED, nothing deleted anywhere', async () => {
    await world.vendors.vpn.fault({ kind: 'RESET_BEFORE' });
    const erasure = await erase(world.admin, world.id(next()));
    expect(erasure).toMatchObject({ state: 'FAILED', irreversibleAt: null });
    for (const id of ['particle', 'engagelab', 'learn', 'onelogin']) {
      expect(taskAt(erasure, id)).toMatchObject({ state: 'BLOCKED', errorCode: 'REFUSED_ELSEWHERE' });
    }
    for (const vendor of Object.values(world.vendors)) expect(await vendor.deletes()).toEqual([]);
  });
});

describe('a lost answer', () => {
  /** The delete of each provider, which is where its answer is lost. */
  const DELETE_PATH = {
    particle: '/v1/products/sandbox-product/customers/',
    engagelab: '/v4/devices/',
    learn: '/rest/v2/users/ref/',
    vpn: '/customer/',
    onelogin: '/api/2/users/',
  };
  const places = Object.entries(DELETE_PATH) as [keyof typeof DELETE_PATH, string][];

  test.each(places)('after %s has acted: looked at first, never deleted twice', async (name, path) => {
    await world.vendors[name].fault({ kind: 'RESET_AFTER', method: 'DELETE', path, times: 1 });
    await world.vendors.engagelab.assume({ deleteDelayMs: 0 });
    const erasure = await erase(world.admin, world.id(next()));
    await world.vendors.engagelab.assume({ deleteDelayMs: 20 });
    expect(erasure.state).toBe('COMPLETED');
    expect(taskAt(erasure, name).outcome).toBe('DELETED_INFERRED');
    const [lost, looked] = course(erasure, name).slice(-3);
    expect([lost, looked]).toEqual(['DELETE OUTCOME_UNKNOWN', 'PROBE OK']);
    expect(
      (await world.vendors[name].deletes()).filter(
        (sent) => sent.startsWith(path) && !sent.endsWith('/owner'),
      ),
    ).toHaveLength(1);
  });

  test.each(places)('before %s has acted: looked at first, then deleted', async (name, path) => {
    await world.vendors[name].fault({ kind: 'RESET_BEFORE', method: 'DELETE', path, times: 1 });
    const erasure = await erase(world.admin, world.id(next()));
    expect(erasure.state).toBe('COMPLETED');
    const attempts = course(erasure, name);
    expect(attempts.slice(attempts.indexOf('DELETE OUTCOME_UNKNOWN'), -1).slice(0, 2)).toEqual([
      'DELETE OUTCOME_UNKNOWN',
      'PROBE OK',
    ]);
    expect(attempts).toContain('DELETE OK');
  });

  test('and an account created again under the same key before the next look: not deleted', async () => {
    const number = next();
    const { email } = world.person(number);
    const customers = '/v1/products/sandbox-product/customers';
    await world.vendors.particle.fault(
      { kind: 'RESET_AFTER', method: 'DELETE', path: DELETE_PATH.particle, times: 1 },
      { kind: 'LATENCY', method: 'GET', path: customers, after: 1, ms: 500 },
    );
    const id = await requestErasure(world.admin, world.id(number));
    await world.admin.watch(
      `subscription ($id: ID!) { erasureProgress(erasureId: $id) { integrationId waitingReason } }`,
      { id },
      (results) => results.at(-1)?.data?.erasureProgress.waitingReason === 'BACKOFF',
    );
    const created = await fetch(`${world.sandbox.vendors.particle.url}${customers}`, {
      method: 'POST',
      body: new URLSearchParams({
        email,
        client_id: PARTICLE_CLIENT.id,
        client_secret: PARTICLE_CLIENT.secret,
      }),
    });
    expect(created.status).toBe(201);
    await waitsFor(world.admin, id, 'NEEDS_REVIEW');
    const open = (await world.admin.data(ERASURE, { id })).erasure;
    expect(taskAt(open, 'particle')).toMatchObject({
      state: 'RUNNING',
      errorCode: 'RECREATED',
      outcome: null,
    });
    await resolve(world.admin, id, 'particle', 'SKIP');
    expect((await ended(world.admin, id)).state).toBe('PARTIAL');
    const state = await world.vendors.particle.state<{ customers: { username: string }[] }>();
    expect(state.customers.some(({ username }) => username === email)).toBe(true);
  });
});

describe('a provider that lies', () => {
  test('is caught: STILL_PRESENT, and the erasure is not COMPLETED', async () => {
    await world.vendors.onelogin.fault({ kind: 'LIE', method: 'DELETE' });
    const erasure = await erase(world.admin, world.id(next()));
    expect(erasure.state).toBe('PARTIAL');
    expect(taskAt(erasure, 'onelogin')).toMatchObject({
      state: 'FAILED',
      outcome: null,
      verdict: 'STILL_PRESENT',
    });
  });
});

describe('a provider that limits the rate', () => {
  test('is waited for, and that is no failed try', async () => {
    await world.vendors.learn.fault({ kind: 'RATE_LIMIT', method: 'DELETE', times: 3, retryAfterSeconds: 0 });
    const erasure = await erase(world.admin, world.id(next()));
    expect(erasure.state).toBe('COMPLETED');
    expect(course(erasure, 'learn').filter((attempt) => attempt === 'DELETE RATE_LIMITED')).toHaveLength(3);
  });
});

describe('a provider that refuses', () => {
  test('at the plan: blocked before anything is asked to delete', async () => {
    const { deleteCustomer } = await world.admin.data(DELETE, {
      input: { customerId: world.id(2), reason: 'x' },
    });
    expect(deleteCustomer).toMatchObject({
      __typename: 'ErasureBlockedError',
      blockers: [{ code: 'ACTIVE_SUBSCRIPTION', integration: { id: 'vpn' } }],
    });
    for (const vendor of Object.values(world.vendors)) expect(await vendor.deletes()).toEqual([]);
  });

  test('at the delete: REFUSED with its reason, and nothing is deleted elsewhere', async () => {
    const body = { success: false, message: 'Customer has dependencies' };
    await world.vendors.vpn.fault({ kind: 'STATUS', method: 'DELETE', status: 409, body });
    const erasure = await erase(world.admin, world.id(next()));
    expect(erasure.state).toBe('FAILED');
    expect(taskAt(erasure, 'vpn')).toMatchObject({
      outcome: 'REFUSED',
      providerReason: 'Customer has dependencies',
    });
    expect(taskAt(erasure, 'onelogin').state).toBe('BLOCKED');
  });
});

describe('what is not there', () => {
  test('before: ALREADY_ABSENT, and no delete is sent', async () => {
    const { number, email } = world.people.find((person) => !person.particle && person.vpn)!;
    const erasure = await erase(world.admin, world.id(number));
    expect(taskAt(erasure, 'particle')).toMatchObject({ presence: 'ABSENT', outcome: 'ALREADY_ABSENT' });
    expect((await world.vendors.particle.deletes()).join()).not.toContain(encodeURIComponent(email));
  });

  test('at the delete only: ABSENT_UNEXPECTEDLY', async () => {
    const body = { status: 404, error: 'Not Found', message: 'User not found' };
    await world.vendors.learn.fault(
      { kind: 'STATUS', method: 'DELETE', status: 404, body },
      { kind: 'STATUS', method: 'GET', path: '/rest/v1/user/', status: 404, body },
    );
    const erasure = await erase(world.admin, world.id(next()));
    expect(taskAt(erasure, 'learn')).toMatchObject({
      outcome: 'ABSENT_UNEXPECTEDLY',
      verdict: 'VERIFIED_ABSENT',
    });
  });
});

describe('each answer to a delete that is not one', () => {
  test.each<[string, Fault]>([
    ['500', { kind: 'STATUS', status: 500 }],
    ['502 after acting', { kind: 'STATUS_AFTER', status: 502 }],
    ['HTML with 200', { kind: 'WRONG_TYPE' }],
    ['half a body', { kind: 'TRUNCATED' }],
    ['garbage', { kind: 'GARBAGE' }],
    ['no end', { kind: 'HUGE_BODY' }],
  ])('%s: looked at first, settled by what is there', async (_name, fault) => {
    await world.vendors.learn.fault({ ...fault, method: 'DELETE', times: 1 });
    const number = next();
    const erasure = await erase(world.admin, world.id(number));
    expect(erasure.state).toBe('COMPLETED');
    expect(course(erasure, 'learn')).toContain('PROBE OK');
    const { users } = await world.vendors.learn.state<{ users: { id: string; deleted: boolean }[] }>();
    expect(users.find(({ id }) => id === world.person(number).learn!.id)!.deleted).toBe(true);
  });

  test('a credential that is refused: FAILED at once, without a second try', async () => {
    await world.vendors.engagelab.fault({
      kind: 'STATUS',
      method: 'DELETE',
      status: 401,
      body: { code: 21004, message: 'no' },
    });
    const erasure = await erase(world.admin, world.id(next()));
    expect(taskAt(erasure, 'engagelab')).toMatchObject({ state: 'FAILED', errorCode: 'UNAUTHENTICATED' });
    expect(await world.vendors.engagelab.deletes()).toHaveLength(1);
  });
});
