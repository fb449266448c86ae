import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { people } from '../../src/sandbox/people.ts';
import type { Api } from '../support/api.ts';
import { callsOf, forgetCalls, NO_CALLS } from '../support/calls.ts';
import { DELETE } from '../support/documents.ts';
import { EXPORT } from '../support/exports.ts';
import { ROUTER_TOKEN } from '../support/gateway-options.ts';
import { startWorld, type World } from '../support/world.ts';

const ACCOUNTS = 'accounts { __typename ... on Account { externalId } ... on AccountFailure { code } }';
const PERMISSIONS = 'viewerCan { delete { integrations { allowed } } }';
const APPS = 'accounts { ... on OneloginAccount { apps { name } } }';
const ONE_EACH = { particle: 1, engagelab: 1, learn: 1, vpn: 1, onelogin: 1 };
/** The product has so many pages of devices, and whose they are is told by none but all of them. */
const DEVICE_PAGES = 2;
/** OneLogin is asked by the linked id, and by the e-mail address, which may lead to another account. */
const BY_EMAIL_TOO = 1;

const everyone = people();
/** With an account everywhere, found by one key each, and all on the first two pages of Particle's list. */
const HUNDRED = everyone
  .filter(
    ({ particle, engagelab, learn, vpn, onelogin }) => particle && engagelab && learn && vpn && onelogin,
  )
  .filter(({ number, testCustomer }) => number % 25 !== 0 && !testCustomer)
  .slice(0, 100);
const [BY_ALIAS, WITHOUT_ONELOGIN] = [101, 102];
const KNOWN = [
  ...HUNDRED,
  { ...everyone.find(({ number, engagelab }) => engagelab && number % 25 === 0)!, testCustomer: true },
  { ...everyone.find(({ onelogin, engagelab }) => engagelab && !onelogin)!, testCustomer: true },
];

let world: World;

beforeAll(async () => {
  world = await startWorld({}, {}, { known: KNOWN });
  await world.admin.data(`query ($id: ID!) { customer(id: $id) { ${ACCOUNTS} } }`, { id: world.id(1) });
});

afterAll(() => world.close());

beforeEach(() => forgetCalls(world.vendors));

const ids = (count: number): string[] => HUNDRED.slice(0, count).map((_person, i) => world.id(i + 1));

describe('one customer', () => {
  test.each([
    ['with the accounts at five integrations', ACCOUNTS, ONE_EACH],
    ['without accounts', 'name email manager { name } links { key } viewerCan { delete { allowed } }', {}],
    ['with one integration', 'accounts(integrationIds: ["learn"]) { __typename }', { learn: 1 }],
    ['with no integration', 'accounts(integrationIds: []) { __typename }', {}],
    ['with accounts that a directive leaves out', ACCOUNTS.replace('{', '@skip(if: true) {'), {}],
    ['with accounts twice', `a: ${ACCOUNTS} b: ${ACCOUNTS}`, ONE_EACH],
    [
      'with accounts, some twice',
      `${ACCOUNTS} b: accounts(integrationIds: ["vpn"]) { __typename }`,
      ONE_EACH,
    ],
    [
      'with devices',
      'accounts { ... on ParticleAccount { devices { id } } }',
      { ...ONE_EACH, particle: 1 + DEVICE_PAGES },
    ],
    ['with apps', APPS, { ...ONE_EACH, onelogin: 2 }],
    ['with apps that a directive leaves out', APPS.replace('apps', 'apps @skip(if: true)'), ONE_EACH],
    ['with apps twice', APPS.replace('apps', 'a: apps { id } apps'), { ...ONE_EACH, onelogin: 2 }],
    ['with what the viewer may do', PERMISSIONS, { ...ONE_EACH, onelogin: 1 + BY_EMAIL_TOO }],
    ['with both', `${ACCOUNTS} ${PERMISSIONS}`, { ...ONE_EACH, onelogin: 1 + BY_EMAIL_TOO }],
  ])('%s', async (_name, selection, expected) => {
    await world.admin.data(`query ($id: ID!) { customer(id: $id) { ${selection} } }`, { id: world.id(1) });
    expect(await callsOf(world.vendors)).toEqual({ ...NO_CALLS, ...expected });
  });

  test('however often a document asks for them', async () => {
    await world.admin.data(
      `query ($id: ID!, $email: EmailAddress!) {
        a: customer(id: $id) { ${ACCOUNTS} }
        b: node(id: $id) { ... on Customer { ${ACCOUNTS} } }
        c: nodes(ids: [$id, $id]) { ... on Customer { ${ACCOUNTS} } }
        d: customerByEmail(email: $email) { ${ACCOUNTS} }
        e: customers(filter: { email: $email }) { edges { node { ${ACCOUNTS} } } }
      }`,
      { id: world.id(1), email: KNOWN[0]!.email },
    );
    expect(await callsOf(world.vendors)).toEqual(ONE_EACH);
  });

  test('who is known by an alias costs one call more, and no key costs none', async () => {
    const one = `query ($id: ID!) { customer(id: $id) { accounts(integrationIds: ["engagelab"]) { __typename } } }`;
    await world.admin.data(one, { id: world.id(BY_ALIAS) });
    expect(await callsOf(world.vendors)).toEqual({ ...NO_CALLS, engagelab: 2 });
    await forgetCalls(world.vendors);
    await world.admin.data(`query ($id: ID!) { customer(id: $id) { ${APPS} } }`, {
      id: world.id(WITHOUT_ONELOGIN),
    });
    expect(await callsOf(world.vendors)).toMatchObject({ onelogin: 1 });
  });
});

describe('many customers cost the least that the APIs allow', () => {
  /**
   * Particle's list has pages of 100, and there is no other way to look. EngageLab and VPN have no batch. Learn tells
   * its whole tenant in a page of 1,000, which below ten refs would cost it more than it saves. OneLogin takes 50 ids.
   */
  const LEAST = {
    2: { particle: 1, engagelab: 2, learn: 2, vpn: 2, onelogin: 1 },
    30: { particle: 1, engagelab: 30, learn: 1, vpn: 30, onelogin: 1 },
    100: { particle: 2, engagelab: 100, learn: 1, vpn: 100, onelogin: 2 },
  };
  const NODES = `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Customer { ${ACCOUNTS} } } }`;
  const ENTITIES = `query ($all: [_Any!]!) { _entities(representations: $all) { ... on Customer { ${ACCOUNTS} } } }`;
  const entities = (count: number): Promise<unknown> =>
    world.admin.through(ROUTER_TOKEN).data(ENTITIES, {
      all: ids(count).map((id, i) => ({
        __typename: 'Customer',
        ...(i % 2 ? { id } : { email: KNOWN[i]!.email }),
      })),
    });
  const aliases = (count: number, field: string): Promise<unknown> => {
    const fields = ids(count).map((id, i) => `a${i}: ${field}(id: "${id}") { ...C }`);
    return world.admin.data(`{ ${fields.join(' ')} } fragment C on Customer { ${ACCOUNTS} }`);
  };

  test.each<[keyof typeof LEAST, string, () => Promise<unknown>]>([
    [2, 'nodes', () => world.admin.data(NODES, { ids: ids(2) })],
    [100, 'nodes', () => world.admin.data(NODES, { ids: ids(100) })],
    [2, '_entities', () => entities(2)],
    [100, '_entities', () => entities(100)],
    [2, 'customer', () => aliases(2, 'customer')],
    [30, 'customer', () => aliases(30, 'customer')],
    [30, 'node', () => aliases(30, 'node')],
    [
      100,
      'customers',
      () =>
        world.admin.data(
          `{ customers(first: 100, filter: { testCustomer: false }) { edges { node { ${ACCOUNTS} } } } }`,
        ),
    ],
  ])('%i by %s', async (count, _name, ask) => {
    expect(JSON.stringify(await ask()).match(/"externalId"/g)).toHaveLength(5 * count);
    expect(await callsOf(world.vendors)).toEqual(LEAST[count]);
  });
});

describe('plans', () => {
  const PLAN = 'erasurePlan(customerId: $id) { hash }';
  const ONE = { particle: 1 + DEVICE_PAGES, engagelab: 1, learn: 1, vpn: 1, onelogin: 2 + BY_EMAIL_TOO };

  test.each([
    ['one', PLAN, ONE],
    ['at one integration', PLAN.replace(')', ', integrationIds: ["vpn"])'), { vpn: 1 }],
    ['the same twice', `${PLAN} again: ${PLAN}`, ONE],
    ['beside what is held', `customer(id: $id) { ${ACCOUNTS} ${PERMISSIONS} } ${PLAN}`, ONE],
    ['before what is held', `${PLAN} customer(id: $id) { ${ACCOUNTS} ${PERMISSIONS} }`, ONE],
    ['of whom more is asked', PLAN.replace('hash', `hash customer { ${ACCOUNTS} ${PERMISSIONS} }`), ONE],
  ])('%s', async (_name, selection, expected) => {
    await world.admin.data(`query ($id: ID!) { ${selection} }`, { id: world.id(1) });
    expect(await callsOf(world.vendors)).toEqual({ ...NO_CALLS, ...expected });
  });

  test('an export asks for as much', async () => {
    await world.admin.data(EXPORT, { input: { customerId: world.id(1), reason: 'a test' } });
    expect(await callsOf(world.vendors)).toEqual(ONE);
  });
});

describe('what is not let through costs no call', () => {
  const HELD = `query ($id: ID!) { customer(id: $id) { ${ACCOUNTS} } }`;
  const PLAN = 'query ($id: ID!) { erasurePlan(customerId: $id) { hash } }';
  const ENTITY = `query ($id: ID!) {
    _entities(representations: [{ __typename: "Customer", id: $id }]) { ... on Customer { ${ACCOUNTS} } }
  }`;
  const WRITTEN = `mutation ($id: ID!) {
    confirmEmail(input: { customerId: $id }) {
      ... on CustomerPayload { customer { accounts { ... on ParticleAccount { devices { id } } } } }
    }
  }`;
  const PAGES = Array.from(
    { length: 11 },
    (_, i) => `a${i}: customers(first: 100) { edges { node { ${ACCOUNTS} } } }`,
  );
  const DELETES = ['a', 'b'].map((name) => `${name}: deleteCustomer(input: $input) { __typename }`);
  const admin = (): Api => world.admin;
  const foreigner = (): Promise<Api> => world.as({ role: 'RESALE', manager: 'nobody' });
  const ended = (): Promise<Api> => world.as({ role: 'ADMIN', expiresIn: -60 });
  const only = (scope: string) => (): Promise<Api> => world.as({ role: 'ADMIN', scopes: [scope] });

  /** What it is, who asks, the code of the error or what is answered without one, what is asked. */
  const refused: [string, () => Promise<Api> | Api, string | object, string][] = [
    ['no token', () => world.anonymous, 'UNAUTHENTICATED', HELD],
    ['a token that has ended', ended, 'UNAUTHENTICATED', HELD],
    ['a look without the scope', only('audit:read'), 'FORBIDDEN', HELD],
    ['a look behind a change, without the scope', only('customers:write'), 'FORBIDDEN', WRITTEN],
    ['a plan without the scope', only('customers:delete'), 'FORBIDDEN', PLAN],
    ['a deletion without the scope', only('customers:read'), 'FORBIDDEN', DELETE],
    ['an export without the scope', only('customers:read'), 'FORBIDDEN', EXPORT],
    ['a look through the door for routers', admin, 'FORBIDDEN', ENTITY],
    ["a foreigner's look", foreigner, { customer: null }, HELD],
    ["a foreigner's plan", foreigner, { erasurePlan: null }, PLAN],
    [
      "a foreigner's deletion",
      foreigner,
      { deleteCustomer: { __typename: 'CustomerNotFoundError' } },
      DELETE,
    ],
    ["a foreigner's export", foreigner, { exportCustomer: { __typename: 'CustomerNotFoundError' } }, EXPORT],
    [
      'a field that is not there',
      admin,
      'GRAPHQL_VALIDATION_FAILED',
      HELD.replace('externalId', 'externalIdd'),
    ],
    ['a text that is no document', admin, 'GRAPHQL_PARSE_FAILED', `${HELD} }`],
    ['a document that costs too much', admin, 'DOCUMENT_TOO_LARGE', `{ ${PAGES.join(' ')} }`],
    [
      'a deletion too many',
      admin,
      'SEVERAL_DELETIONS',
      `mutation ($input: DeleteCustomerInput!) { ${DELETES.join(' ')} }`,
    ],
  ];

  test.each(refused)('%s', async (_name, caller, expected, document) => {
    const input = { customerId: world.id(1), reason: 'a test' };
    const { data, errors } = await (await caller()).send(document, { id: world.id(1), input });
    if (typeof expected === 'string') expect(errors[0]!.extensions).toMatchObject({ code: expected });
    else expect({ data, errors }).toMatchObject({ data: expected, errors: [] });
    expect(await callsOf(world.vendors)).toEqual(NO_CALLS);
  });
});
