import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { people, type Person } from '../../src/sandbox/people.ts';
import type { Api, GraphqlAnswer } from '../support/api.ts';
import { AUDIT } from '../support/documents.ts';
import { ended, erase, taskAt } from '../support/erasures.ts';
import { secretsIn } from '../support/spellings.ts';
import { startWorld, type World } from '../support/world.ts';

const DAY_MS = 86_400_000;
const ROUND_MS = 150;

interface LearnState {
  users: { id: string; ref: string | null }[];
}
interface OneloginState {
  users: { id: number; email: string; username: string; goneAt: number | null }[];
}

let world: World;
let everywhere: Person[];

beforeAll(async () => {
  world = await startWorld(
    { sweepHours: 24, pace: (ms) => (ms === DAY_MS ? ROUND_MS : Math.min(ms / 100, 20)) },
    {},
    { population: people(60) },
  );
  everywhere = world.people.filter(
    ({ particle, engagelab, learn, vpn, onelogin }) =>
      particle && engagelab && learn && vpn && !vpn.activeSubscription && onelogin,
  );
});

afterAll(() => world.close());

const next = (): Person => everywhere.pop()!;

const sweptAt = async (): Promise<Record<string, number>> => {
  const { integrations } = await world.admin.data('{ integrations { id canBeSwept sweptAt } }');
  return Object.fromEntries(
    integrations
      .filter((one: { canBeSwept: boolean }) => one.canBeSwept)
      .map((one: { id: string; sweptAt: string | null }) => [
        one.id,
        one.sweptAt ? Date.parse(one.sweptAt) : 0,
      ]),
  );
};

const sweptAfter = (at: number, ids: readonly string[]): Promise<unknown> =>
  vi.waitUntil(
    async () => {
      const swept = await sweptAt();
      return ids.every((id) => swept[id]! > at);
    },
    { timeout: 20_000 },
  );

/** Until every list has been read to its end by a reading that began after now. */
async function round(ids: readonly string[] = ['particle', 'learn', 'onelogin']): Promise<void> {
  await sweptAfter(Date.now(), ids);
  await sweptAfter(Date.now(), ids);
}

/** Deletes somebody everywhere. */
async function erased(person: Person): Promise<string> {
  const { id, state } = await erase(world.admin, world.id(person.number));
  expect(state).toBe('COMPLETED');
  return id;
}

/** Puts somebody back at Learn, as a backup would. */
async function restore(person: Person): Promise<void> {
  const state = await world.vendors.learn.state<LearnState>();
  const { id, ref } = person.learn!;
  const restored = {
    email: person.email,
    firstName: 'Back',
    lastName: 'Again',
    deleted: false,
    status: 'active',
  };
  const users = state.users.map((user) => (user.id === id ? { ...user, ...restored, ref } : user));
  await world.vendors.learn.hold({ ...state, users });
}

/** Adds a user at OneLogin, as a directory sync would. */
async function synced(id: number, email: string): Promise<void> {
  const state = await world.vendors.onelogin.state<OneloginState>();
  const [pattern] = state.users;
  const user = { ...pattern!, id, email, username: email, goneAt: null };
  await world.vendors.onelogin.hold({ ...state, users: [...state.users, user] });
}

const REAPPEARANCES = `query ($resolved: Boolean) { reappearances(first: 100, resolved: $resolved) { edges { node {
  id integrationId externalId matchedBy resolution resolvedAt erasure { id state } newErasure { id }
} } } }`;

async function reappearances(of: string, api: Api = world.admin): Promise<GraphqlAnswer['data'][]> {
  const { reappearances: page } = await api.data(REAPPEARANCES);
  return page.edges
    .map(({ node }: { node: object }) => node)
    .filter((node: { erasure: { id: string } }) => node.erasure.id === of);
}

const resolve = async (mutation: string, reappearanceId: string, reason = 'a test', api = world.admin) =>
  (
    await api.data(
      `mutation ($input: ResolveReappearanceInput!) { ${mutation}(input: $input) {
        __typename
        ... on ReappearancePayload { reappearance { resolution externalId newErasure { id } } }
        ... on ReappearanceResolvedError { reappearance { resolution } }
        ... on InvalidInputError { issues { path } }
      } }`,
      { input: { reappearanceId, reason } },
    )
  )[mutation];

const actionsOf = async (erasureId: string): Promise<string[]> => {
  const { auditLog } = await world.admin.data(AUDIT, { erasureId, first: 100 });
  return auditLog.edges.map(({ node }: { node: { action: string } }) => node.action);
};

describe('an account of somebody who was erased', () => {
  test('is raised when a provider holds it again, once, and the erasure says so', async () => {
    const person = next();
    const erasureId = await erased(person);
    await restore(person);
    await round();
    const [raised, another] = await reappearances(erasureId);
    expect(another).toBeUndefined();
    expect(raised).toMatchObject({
      integrationId: 'learn',
      externalId: person.learn!.ref,
      matchedBy: 'ACCOUNT',
      resolution: null,
    });
    const erasure = await ended(world.admin, erasureId);
    expect(erasure.state).toBe('COMPLETED_WITH_EXCEPTIONS');
    expect(taskAt(erasure, 'learn').verdict).toBe('REAPPEARED');
    expect(taskAt(erasure, 'onelogin').verdict).toBe('VERIFIED_ABSENT');

    await round();
    expect(await reappearances(erasureId)).toHaveLength(1);
    const { auditLog } = await world.admin.data(AUDIT, { erasureId, first: 100 });
    const told = auditLog.edges.filter(
      ({ node }: { node: { action: string } }) => node.action === 'account.reappeared',
    );
    expect(told).toHaveLength(1);
    expect(secretsIn(JSON.stringify(told), [person.email, person.learn!.ref, person.name])).toEqual([]);
  });

  test('is raised under another id, by the e-mail address', async () => {
    const person = next();
    const erasureId = await erased(person);
    await synced(800_001, person.email.toUpperCase());
    await round();
    expect(await reappearances(erasureId)).toMatchObject([
      { integrationId: 'onelogin', externalId: '800001', matchedBy: 'EMAIL' },
    ]);
  });

  test('is no matter when somebody else has come, or when the person is a customer again', async () => {
    const person = next();
    const erasureId = await erased(person);
    await synced(800_002, 'newcomer@example.com');
    const { registerCustomer } = await world.admin.data(
      `mutation ($email: EmailAddress!) { registerCustomer(input: { email: $email }) {
        ... on CustomerPayload { customer { id } } } }`,
      { email: person.email },
    );
    const { id } = registerCustomer.customer;
    expect(id).not.toBe(world.id(person.number));
    await synced(800_003, person.email);
    await round();
    expect(await reappearances(erasureId)).toEqual([]);
    expect((await world.admin.data(REAPPEARANCES)).reappearances.edges).toHaveLength(2);
    const { customer } = await world.admin.data(
      'query ($id: ID!) { customer(id: $id) { email erasedAt links { __typename } } }',
      { id: world.id(person.number) },
    );
    expect(customer).toEqual({ email: null, erasedAt: expect.any(String), links: [] });
  });

  test('is raised although another integration is down', async () => {
    const person = next();
    const erasureId = await erased(person);
    await round();
    await world.vendors.learn.fault({ kind: 'STATUS', status: 503, path: '/rest/v1/users' });
    await synced(800_004, person.email);
    await round(['onelogin']);
    expect(await reappearances(erasureId)).toHaveLength(1);
    const { learn, onelogin } = await sweptAt();
    expect(onelogin).toBeGreaterThan(learn!);
    await world.vendors.learn.fault();
    await round();
  });
});

describe('a re-appearance', () => {
  let person: Person;
  let erasureId: string;
  let id: string;

  beforeAll(async () => {
    person = next();
    erasureId = await erased(person);
    await restore(person);
    await round();
    id = (await reappearances(erasureId))[0].id;
  });

  const isHeld = async (): Promise<boolean> =>
    (await world.vendors.learn.state<LearnState>()).users.some(({ ref }) => ref === person.learn!.ref);

  test('is nothing to a reseller with other customers', async () => {
    const manager = person.manager === 'glacier' ? 'meadow' : 'glacier';
    const reseller = await world.as({ role: 'RESALE', manager });
    expect(await reappearances(erasureId, reseller)).toEqual([]);
    for (const mutation of ['eraseAgain', 'dismissReappearance'])
      expect(await resolve(mutation, id, 'a test', reseller)).toEqual({
        __typename: 'ReappearanceNotFoundError',
      });
  });

  test('needs the scope, and a reason', async () => {
    const reader = await world.as({ role: 'ADMIN', scopes: ['customers:read'] });
    const refused = await reader.send(
      'mutation ($id: ID!) { eraseAgain(input: { reappearanceId: $id, reason: "x" }) { __typename } }',
      { id },
    );
    expect(refused.errors[0]!.extensions).toMatchObject({ code: 'FORBIDDEN' });
    const deleter = await world.as({ role: 'ADMIN', scopes: ['customers:delete'] });
    const empty = await resolve('eraseAgain', id, ' ', deleter);
    expect(empty).toEqual({ __typename: 'InvalidInputError', issues: [{ path: 'reason' }] });
  });

  test('is not erased again while the account is a customer of today', async () => {
    const { registerCustomer } = await world.admin.data(
      `mutation ($email: EmailAddress!) { registerCustomer(input: { email: $email }) {
        ... on CustomerPayload { customer { id } } } }`,
      { email: person.email },
    );
    expect(await resolve('eraseAgain', id)).toEqual({ __typename: 'AccountLinkedError' });
    expect(await isHeld()).toBe(true);
    await world.gateway.store.pool.query('delete from customer where id = $1', [
      Buffer.from(registerCustomer.customer.id, 'base64url').toString().split(':')[1],
    ]);
  });

  test('is erased again, and raised again when that did not last', async () => {
    const { __typename, reappearance } = await resolve('eraseAgain', id);
    expect(__typename).toBe('ReappearancePayload');
    expect(reappearance).toMatchObject({ resolution: 'ERASED_AGAIN', externalId: null });
    const again = await ended(world.admin, reappearance.newErasure.id);
    expect(again.state).toBe('COMPLETED');
    expect(again.tasks).toMatchObject([{ integrationId: 'learn', verdict: 'VERIFIED_REDACTED' }]);
    expect(await isHeld()).toBe(false);
    expect(await actionsOf(erasureId)).toContain('reappearance.erased_again');
    const twice = await resolve('eraseAgain', id);
    expect(twice).toEqual({
      __typename: 'ReappearanceResolvedError',
      reappearance: { resolution: 'ERASED_AGAIN' },
    });

    await restore(person);
    await round();
    expect(await reappearances(erasureId)).toHaveLength(1);
    const raised = await reappearances(reappearance.newErasure.id);
    expect(raised).toMatchObject([{ integrationId: 'learn', resolution: null }]);
    id = raised[0].id;
    erasureId = reappearance.newErasure.id;
  });

  test('is dismissed, and not raised again', async () => {
    const { reappearance } = await resolve('dismissReappearance', id, 'it is a twin');
    expect(reappearance).toEqual({ resolution: 'DISMISSED', externalId: null, newErasure: null });
    await round();
    expect(await reappearances(erasureId)).toHaveLength(1);
    expect(await isHeld()).toBe(true);
    expect(await actionsOf(erasureId)).toContain('reappearance.dismissed');
    expect((await world.admin.data(REAPPEARANCES, { resolved: true })).reappearances.edges).toHaveLength(2);
  });
});

test('an address that only a reseller vouches for is not the fingerprint of anybody', async () => {
  const reseller = await world.as({ role: 'RESALE', manager: 'glacier' });
  const email = 'victim@example.com';
  const { registerCustomer } = await reseller.data(
    `mutation ($email: EmailAddress!) { registerCustomer(input: { email: $email }) {
      ... on CustomerPayload { customer { id } } } }`,
    { email },
  );
  await synced(800_005, email);
  const { id } = await erase(reseller, registerCustomer.customer.id);
  await round();
  expect(await reappearances(id)).toEqual([]);
});
