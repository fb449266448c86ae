import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { people, type Person } from '../../src/sandbox/people.ts';
import type { GraphqlAnswer } from '../support/api.ts';
import { startWorld, type World } from '../support/world.ts';

const KNOWN = 200;

/** 300 people of whom the gateway knows 200, without their links; 250 and 251 share an e-mail address, in two spellings. */
const population = people(300).map((person): Person =>
  person.number === 251 ? { ...person, email: people(250).at(-1)!.email.toUpperCase() } : person,
);
const unlinked = population
  .slice(0, KNOWN)
  .map((person): Person => ({ ...person, engagelab: null, learn: null, vpn: null, onelogin: null }));

let world: World;

beforeAll(async () => {
  world = await startWorld({}, {}, { population, known: unlinked });
});

afterAll(() => world.close());

const PROGRESS = `subscription ($id: ID!) {
  importProgress(importId: $id) {
    state read created linked skipped ambiguous errorMessage
    ambiguousAccounts(first: 10) { edges { node { externalId email ambiguity } } }
  }
}`;

const start = async (integrationId: string, input: object = {}): Promise<GraphqlAnswer['data']> =>
  (
    await world.admin.data(
      `mutation ($input: ImportCustomersInput!) { importCustomers(input: $input) {
        __typename
        ... on ImportCustomersPayload { import { id state } }
        ... on ImportOpenError { import { id } }
        ... on InvalidInputError { issues { path } }
      } }`,
      { input: { integrationId, ...input } },
    )
  ).importCustomers;

/** Every state of an import that was seen, the last one at the end. */
async function run(integrationId: string, input: object = {}): Promise<GraphqlAnswer['data'][]> {
  const started = await start(integrationId, input);
  const events = await world.admin.watch(PROGRESS, { id: started.import.id });
  return events.map(({ data }) => data.importProgress);
}

const linkCount = async (integrationId: string): Promise<number> => {
  const { rows } = await world.gateway.store.pool.query<{ n: number }>(
    'select count(*)::int as n from link where integration_id = $1',
    [integrationId],
  );
  return rows[0]!.n;
};

const at = (vendor: 'learn' | 'onelogin' | 'particle', some: readonly Person[]): number =>
  some.filter((person) => person[vendor]).length;

describe('an import', () => {
  test('links who is known, makes customers of the others, and leaves open what would be a guess', async () => {
    const events = await run('onelogin', { managerId: 'meadow', testCustomers: true });
    const strangers = population.slice(KNOWN).filter(({ number }) => number !== 250 && number !== 251);
    const apiOwner = 1;
    expect(events.at(-1)).toMatchObject({
      state: 'COMPLETED',
      read: at('onelogin', population) + apiOwner,
      linked: at('onelogin', unlinked) + at('onelogin', population.slice(0, KNOWN)),
      created: at('onelogin', strangers) + apiOwner,
      ambiguous: 2,
      skipped: 0,
      errorMessage: null,
    });
    const open = events.at(-1).ambiguousAccounts.edges.map((edge: { node: object }) => edge.node);
    expect(open).toEqual(
      [250, 251].map((number) => ({
        externalId: String(world.person(number).onelogin!.id),
        email: world.person(number).email,
        ambiguity: 'SEVERAL_ACCOUNTS',
      })),
    );
    expect(events.map(({ state }) => state)).toEqual(
      expect.arrayContaining(['READING', 'MATCHING', 'COMPLETED']),
    );
    const { customerByEmail } = await world.admin.data(
      `query ($email: EmailAddress!) { customerByEmail(email: $email) { testCustomer manager { id } links { kind key } } }`,
      { email: strangers.find(({ onelogin }) => onelogin)!.email },
    );
    expect(customerByEmail).toMatchObject({ testCustomer: true, manager: { id: 'meadow' } });
    expect(customerByEmail.links).toHaveLength(1);
  });

  test('run again changes nothing', async () => {
    const links = await linkCount('onelogin');
    const [last] = (await run('onelogin')).slice(-1);
    expect(last).toMatchObject({ state: 'COMPLETED', created: 0, linked: 0, ambiguous: 2, skipped: links });
    expect(await linkCount('onelogin')).toBe(links);
  });

  test('of an account whose customer has another one there: left open', async () => {
    const first = population.find(({ learn }) => learn)!;
    const stranger = world.person(250); // whom OneLogin's twin has kept from becoming a customer
    const link = `mutation ($input: AccountLinkInput!) { linkAccount(input: $input) { __typename } }`;
    await world.admin.data(link, {
      input: {
        customerId: world.id(first.number),
        integrationId: 'learn',
        kind: 'REF',
        key: stranger.learn!.ref,
      },
    });
    const [last] = (await run('learn')).slice(-1);
    expect(last).toMatchObject({ state: 'COMPLETED', ambiguous: 1, skipped: 1 });
    const reasons = last.ambiguousAccounts.edges.map(
      (edge: { node: { externalId: string; ambiguity: string } }) => [
        edge.node.externalId,
        edge.node.ambiguity,
      ],
    );
    expect(reasons).toContainEqual([first.learn!.ref, 'CUSTOMER_HAS_ANOTHER']);
  });

  test('waits for a provider that limits the rate, and goes on after one that was down', async () => {
    await world.vendors.particle.fault(
      { kind: 'RATE_LIMIT', path: '/v1/products/sandbox-product/customers?page=2', times: 1 },
      { kind: 'RESET_BEFORE', path: '/v1/products/sandbox-product/customers?page=3', times: 2 },
    );
    const [last] = (await run('particle')).slice(-1);
    expect(last).toMatchObject({ state: 'COMPLETED', read: at('particle', population), skipped: 0 });
    expect(await linkCount('particle')).toBe(last.created + last.linked);
  }, 60_000);

  test('of people without an address, with a placeholder or with what cannot be stored: makes nobody of them', async () => {
    interface Users {
      users: { id: number; email: string | null }[];
    }
    const state = await world.vendors.onelogin.state<Users>();
    const odd = [null, '', 'n/a', 'n/a', 'nul\u0000@example.com'];
    const users = odd.map((email, i) => ({ ...state.users[0]!, id: 900_000 + i, email }));
    await world.vendors.onelogin.hold({ ...state, users: [...state.users, ...users] });
    const [last] = (await run('onelogin')).slice(-1);
    expect(last).toMatchObject({
      state: 'COMPLETED',
      created: 0,
      linked: 0,
      ambiguous: 2,
      errorMessage: null,
    });
    const { rows } = await world.gateway.store.pool.query(
      `select key from link where integration_id = 'onelogin' and key like '90000%'`,
    );
    expect(rows).toEqual([]);
    await world.vendors.onelogin.hold(state);
  });

  test('of a list that goes in circles: given up, said so, and nothing kept of those who were read', async () => {
    await world.vendors.learn.fault({
      kind: 'STATUS',
      status: 200,
      body: { results: [{ id: 'x', ref: 'same', email: null }], pagination: { totalPages: 1_000 } },
      path: '/rest/v1/users?',
    });
    const [last] = (await run('learn')).slice(-1);
    expect(last).toMatchObject({ state: 'FAILED', read: 1 });
    expect(last.errorMessage).toContain('circles');
    const { rows } = await world.gateway.store.pool.query(
      `select 1 from import_row join customer_import on import_id = id where integration_id = 'learn'`,
    );
    expect(rows).toEqual([]);
    await world.vendors.learn.fault();
  });

  test('with a credential that is refused: given up at once', async () => {
    await world.vendors.onelogin.assume({ scope: 'Authentication Only' });
    const [last] = (await run('onelogin')).slice(-1);
    expect(last).toMatchObject({
      state: 'FAILED',
      read: 0,
      errorMessage: expect.stringContaining('may not'),
    });
    await world.vendors.onelogin.assume({ scope: 'Manage users' });
  });
});

describe('who may import, and what', () => {
  test('one at a time at an integration', async () => {
    await world.vendors.learn.fault({ kind: 'LATENCY', ms: 200 });
    const first = await start('learn');
    expect(await start('learn')).toEqual({ __typename: 'ImportOpenError', import: { id: first.import.id } });
    await world.admin.watch(PROGRESS, { id: first.import.id });
    await world.vendors.learn.fault();
  });

  test('no integration that cannot list, no manager that is not there', async () => {
    const refused = await start('vpn', { managerId: 'nobody' });
    expect(refused.issues).toEqual([{ path: 'integrationId' }, { path: 'managerId' }]);
  });

  test('no reseller, who does not reach all; an import looks to it as if it were not there', async () => {
    const reseller = await world.as({ role: 'RESALE', manager: 'alpine' });
    const { importCustomers } = await reseller.data(
      `mutation { importCustomers(input: { integrationId: "learn" }) { ... on InvalidInputError { issues { message } } } }`,
    );
    expect(importCustomers.issues).toHaveLength(1);
    const { import: done } = await start('learn');
    await world.admin.watch(PROGRESS, { id: done.id });
    const { node } = await reseller.data('query ($id: ID!) { node(id: $id) { id } }', { id: done.id });
    expect(node).toBeNull();
    const [answer] = await reseller.watch(PROGRESS, { id: done.id });
    expect(answer!.errors[0]!.message).toBe('There is no such import.');
  });
});
