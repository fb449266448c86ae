import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startWorld, type World } from './support/world.ts';

const ACCOUNTS = `
  accounts {
    __typename
    ... on Account { externalId integration { id } }
    ... on AccountFailure { code integration { id } }
  }`;

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world.close());

afterEach(async () => {
  for (const vendor of Object.values(world.vendors)) {
    await vendor.fault();
    await vendor.forget();
  }
});

describe('one customer', () => {
  test('is found by e-mail in any case, with what each provider holds', async () => {
    const { email, name, particle, engagelab, learn, vpn, onelogin } = world.person(1);
    const { customerByEmail } = await world.admin.data(
      `query ($email: EmailAddress!) {
        customerByEmail(email: $email) {
          id name email testCustomer manager { id name parent { id } }
          accounts {
            __typename
            ... on Account { externalId email }
            ... on ParticleAccount { devices { id online } }
            ... on EngagelabAccount { alias tags }
            ... on LearnAccount { internalId name role status positions }
            ... on VpnAccount { activeSubscription }
            ... on OneloginAccount { username status apps { name } }
          }
        }
      }`,
      { email: email.toUpperCase() },
    );
    expect(customerByEmail).toMatchObject({ id: world.id(1), name, email, testCustomer: false });
    expect(customerByEmail.manager).toEqual({
      id: 'glacier',
      name: 'Glacier Partners',
      parent: { id: 'alpine' },
    });
    expect(customerByEmail.accounts).toEqual([
      {
        __typename: 'ParticleAccount',
        externalId: email,
        email,
        devices: particle!.deviceIds.map((id, i) => ({ id, online: i === 0 })),
      },
      {
        __typename: 'EngagelabAccount',
        externalId: engagelab!.registrationId,
        email: null,
        alias: engagelab!.alias,
        tags: engagelab!.tags,
      },
      {
        __typename: 'LearnAccount',
        externalId: learn!.ref,
        email,
        internalId: learn!.id,
        name,
        role: 'learner',
        status: 'active',
        positions: 1,
      },
      { __typename: 'VpnAccount', externalId: vpn!.userId, email, activeSubscription: false },
      {
        __typename: 'OneloginAccount',
        externalId: String(onelogin!.id),
        email,
        username: email,
        status: 'active',
        apps: onelogin!.apps.map((app) => ({ name: app })),
      },
    ]);
  });

  test('has no item where an integration was asked and holds nothing, or no key is known', async () => {
    const number = world.people.find((person) => !person.particle)!.number;
    const { customer } = await world.admin.data(`query ($id: ID!) { customer(id: $id) { ${ACCOUNTS} } }`, {
      id: world.id(number),
    });
    const places = customer.accounts.map(
      (account: { integration: { id: string } }) => account.integration.id,
    );
    expect(places).not.toContain('particle');
  });

  test.each([
    ['is down', { kind: 'RESET_BEFORE' as const }, 'UNAVAILABLE'],
    ['answers 503', { kind: 'STATUS' as const, status: 503 }, 'UNAVAILABLE'],
    ['answers HTML', { kind: 'WRONG_TYPE' as const }, 'UNEXPECTED_RESPONSE'],
    [
      'answers a 404 that is not about the account',
      { kind: 'STATUS' as const, status: 404, body: 'x' },
      'UNEXPECTED_RESPONSE',
    ],
    ['limits the rate', { kind: 'RATE_LIMIT' as const }, 'RATE_LIMITED'],
  ])('where one provider %s: four accounts and one failure', async (_name, fault, code) => {
    await world.vendors.learn.fault({ ...fault, method: 'GET' });
    const { customer } = await world.admin.data(`query ($id: ID!) { customer(id: $id) { ${ACCOUNTS} } }`, {
      id: world.id(1),
    });
    expect(customer.accounts).toHaveLength(5);
    expect(customer.accounts.filter((item: { code?: string }) => item.code)).toEqual([
      { __typename: 'AccountFailure', code, integration: { id: 'learn' } },
    ]);
  });

  test('whose details cannot be read keeps the account, with an error at the detail', async () => {
    await world.vendors.onelogin.fault({ kind: 'STATUS', status: 503, path: '/api/2/users/100001/apps' });
    const { data, errors } = await world.admin.send(
      'query ($id: ID!) { customer(id: $id) { accounts(integrationIds: ["onelogin"]) { ... on OneloginAccount { externalId apps { name } } } } }',
      { id: world.id(1) },
    );
    expect(data.customer.accounts).toEqual([{ externalId: '100001', apps: null }]);
    expect(errors[0]).toMatchObject({ extensions: { code: 'PROVIDER_UNAVAILABLE' } });
    expect(errors[0]!.message).not.toContain('100001');
  });
});

describe('customers', () => {
  const list = (args: string): string =>
    `{ customers${args} { pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id email testCustomer } } } }`;

  test('are paged forwards without loss or repeat, and backwards likewise', async () => {
    const forwards: string[] = [];
    for (let after = ''; ;) {
      const { customers } = await world.admin.data(list(`(first: 100${after && `, after: "${after}"`})`));
      forwards.push(...customers.edges.map((edge: { node: { id: string } }) => edge.node.id));
      if (!customers.pageInfo.hasNextPage) break;
      after = customers.pageInfo.endCursor;
    }
    expect(new Set(forwards).size).toBe(world.people.length);
    expect(forwards).toHaveLength(world.people.length);
    const { customers } = await world.admin.data(list('(last: 3)'));
    expect(customers.edges.map((edge: { node: { id: string } }) => edge.node.id)).toEqual(forwards.slice(-3));
    expect(customers.pageInfo).toMatchObject({ hasPreviousPage: true, hasNextPage: false });
  });

  test.each([
    [
      'by e-mail',
      `email: "BEN.ABEL.1@example.com"`,
      (world: World) => world.people.filter((p) => p.number === 1),
    ],
    ['made for tests', 'testCustomer: true', (world: World) => world.people.filter((p) => p.testCustomer)],
    [
      'of a manager',
      'managerId: "meadow"',
      (world: World) => world.people.filter((p) => p.manager === 'meadow'),
    ],
    [
      'of a manager and below',
      'managerId: "alpine"',
      (world: World) => world.people.filter((p) => p.manager !== null),
    ],
  ])('are filtered %s', async (_name, filter, expected) => {
    const ids: string[] = [];
    for (let after = ''; ;) {
      const { customers } = await world.admin.data(
        list(`(first: 100, filter: {${filter}}${after && `, after: "${after}"`})`),
      );
      ids.push(...customers.edges.map((edge: { node: { id: string } }) => edge.node.id));
      if (!customers.pageInfo.hasNextPage) break;
      after = customers.pageInfo.endCursor;
    }
    expect(ids.toSorted()).toEqual(
      expected(world)
        .map((person) => world.id(person.number))
        .toSorted(),
    );
  });
});

describe('integrations', () => {
  test('tell what they can do', async () => {
    const { integrations } = await world.admin.data(
      '{ integrations { id provider leaves deletion canList canBeVerified keys { kind batch } sideEffects credentialScopes } }',
    );
    expect(
      integrations.map(({ id, leaves, deletion }: Record<string, string>) => [id, leaves, deletion]),
    ).toEqual([
      ['particle', 'REMOVED', 'SYNCHRONOUS'],
      ['engagelab', 'REMOVED', 'ASYNCHRONOUS'],
      ['learn', 'REDACTED', 'SYNCHRONOUS'],
      ['vpn', 'SOFT_DELETED', 'SYNCHRONOUS'],
      ['onelogin', 'REMOVED', 'ASYNCHRONOUS'],
    ]);
  });
});
