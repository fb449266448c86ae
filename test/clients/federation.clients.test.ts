import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { compose } from '../../examples/federation/compose.ts';
import { ordersSdl } from '../../examples/federation/orders.ts';
import { someOrders } from '../../examples/federation/some-orders.ts';
import { startSupergraph, type Supergraph } from '../../examples/federation/supergraph.ts';
import { subgraphSdl } from '../../src/graphql/subgraph-sdl.ts';
import { people } from '../../src/sandbox/people.ts';
import { callsOfAll } from '../support/calls.ts';
import { Api } from '../support/api.ts';
import { ROUTER_TOKEN } from '../support/gateway-options.ts';
import { mintToken, type TokenClaims } from '../support/tokens.ts';
import { startWorld, type World } from '../support/world.ts';

const MOST = 100;
const ACCOUNTS = 'accounts(integrationIds: ["particle", "onelogin"]) { __typename }';

let world: World;
let supergraph: Supergraph;
let admin: Api;

beforeAll(async () => {
  world = await startWorld({}, {}, { population: people(MOST) });
  const ids = world.people.map(({ number }) => world.id(number));
  const options = { orders: someOrders(ids), gatewayUrl: world.gateway.url, routerToken: ROUTER_TOKEN };
  supergraph = await startSupergraph(options, 0);
  admin = await routed({ role: 'ADMIN' });
});

afterAll(async () => {
  await supergraph.close();
  await world.close();
});

afterEach(async () => {
  for (const vendor of Object.values(world.vendors)) await vendor.forget();
});

/** A caller of the router. */
const routed = async (claims: TokenClaims): Promise<Api> => new Api(supergraph.url, await mintToken(claims));

/** A reseller of the manager `glacier`, and the people that it reaches and does not reach. */
const reseller = () => routed({ role: 'RESALE', manager: 'glacier' });
const isOwn = ({ manager }: { manager: string | null }): boolean => manager === 'glacier';

describe('composition', () => {
  test('of both subgraphs has no errors and no hints', () => {
    const { hints, supergraphSdl } = compose([
      { name: 'customers', url: 'http://customers.example', sdl: subgraphSdl() },
      { name: 'orders', url: 'http://orders.example', sdl: ordersSdl },
    ]);
    console.log(`composition of 2 subgraphs: 0 errors, ${hints.length} hints`);
    expect(hints).toEqual([]);
    expect(supergraphSdl).toMatch(
      /type Customer implements Node\s.*@join__type\(graph: ORDERS, key: "id"\)/s,
    );
  });

  test('fails where they do not fit together', () => {
    const sdl = ordersSdl.replace('orders: [Order!]!\n  }\n\n  "What', 'viewer: Order\n  }\n\n  "What');
    const parts = [
      { name: 'customers', url: '', sdl: subgraphSdl() },
      { name: 'orders', url: '', sdl },
    ];
    expect(() => compose(parts)).toThrow(/Query\.viewer/);
  });
});

describe('a query across both subgraphs', () => {
  test('goes from a customer to the orders', async () => {
    const { email, name } = world.person(1);
    const data = await admin.data(
      `query ($email: EmailAddress!) {
      customerByEmail(email: $email) { name ${ACCOUNTS} orders { id product priceCents } }
    }`,
      { email },
    );
    expect(data).toEqual({
      customerByEmail: {
        name,
        accounts: [{ __typename: 'ParticleAccount' }, { __typename: 'OneloginAccount' }],
        orders: [
          { id: '2000', product: 'Router, dual band', priceCents: 8_990 },
          { id: '1900', product: 'Sensor kit', priceCents: 12_500 },
        ],
      },
    });
  });

  test('goes from the orders to their customers', async () => {
    const { orders } = await admin.data('{ orders { id customer { id email manager { id } } } }');
    expect(orders).toHaveLength(MOST);
    const [, second] = world.people;
    expect(orders[1]).toEqual({
      id: '1999',
      customer: { id: world.id(2), email: second!.email, manager: { id: expect.any(String) } },
    });
  });

  test(`asks the providers about ${MOST} customers what one list of them asks`, async () => {
    await world.admin.data(`query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Customer { ${ACCOUNTS} } } }`, {
      ids: world.people.map(({ number }) => world.id(number)),
    });
    const least = await callsOfAll(world.vendors);
    for (const vendor of Object.values(world.vendors)) await vendor.forget();
    const { orders } = await admin.data(`{ orders { customer { ${ACCOUNTS} } } }`);
    console.log(
      `${orders.length} customers through the router: ${await callsOfAll(world.vendors)} provider calls, ${least} by a list`,
    );
    expect(
      orders.flatMap(({ customer }: { customer: { accounts: unknown[] } }) => customer.accounts).length,
    ).toBeGreaterThan(MOST);
    expect(await callsOfAll(world.vendors)).toBe(least);
  });
});

describe('through the router, a reseller', () => {
  test('gets the orders of own customers alone', async () => {
    const { orders } = await (await reseller()).data('{ orders { customer { id email } } }');
    const own = world.people.filter(isOwn).map(({ number, email }) => ({ id: world.id(number), email }));
    expect(own.length).toBeGreaterThan(10);
    expect(orders.map(({ customer }: { customer: unknown }) => customer)).toEqual(own);
  });

  test.each(['customer', 'customerByEmail', 'node', 'nodes'])(
    'gets null for a foreign customer by %s',
    async (field) => {
      const { number, email } = world.people.find((person) => !isOwn(person))!;
      const key = {
        customer: `id: "${world.id(number)}"`,
        customerByEmail: `email: "${email}"`,
        node: `id: "${world.id(number)}"`,
        nodes: `ids: ["${world.id(number)}"]`,
      }[field];
      const answer = await (
        await reseller()
      ).send(`{ ${field}(${key}) { ... on Customer { id email orders { id } } } }`);
      expect(answer).toMatchObject({
        status: 200,
        errors: [],
        data: { [field]: field === 'nodes' ? [null] : null },
      });
    },
  );

  test('is refused what the gateway refuses, in its words, and gets the rest', async () => {
    const { data, errors } = await (
      await reseller()
    ).send('{ viewer { role } customer(id: "x") { orders { id } } }');
    expect(data).toEqual({ viewer: { role: 'RESALE' }, customer: null });
    expect(errors).toEqual([
      {
        message: expect.any(String),
        path: ['customer'],
        extensions: { code: 'BAD_USER_INPUT', serviceName: 'customers' },
      },
    ]);
  });
});

describe('without', () => {
  test("a user's token, nobody gets anything, or learns where the subgraphs are", async () => {
    const { data, errors } = await new Api(supergraph.url, null).send('{ orders { id } viewer { role } }');
    expect(data).toBeNull();
    expect(errors.map(({ extensions }) => extensions!['code'])).toEqual([
      'UNAUTHENTICATED',
      'UNAUTHENTICATED',
    ]);
    expect(JSON.stringify(errors)).not.toContain('127.0.0.1');
  });

  test('the router token, both subgraphs refuse', async () => {
    const document = `{ _entities(representations: [{ __typename: "Customer", id: "${world.id(1)}" }]) { __typename } }`;
    const { data, errors } = await world.admin.send(document);
    expect(data).toBeNull();
    expect(errors[0]).toMatchObject({ extensions: { code: 'FORBIDDEN' } });
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ query: document });
    expect((await fetch(supergraph.ordersUrl, { method: 'POST', headers, body })).status).toBe(401);
  });

  test('a way round the router: it offers no _entities itself', async () => {
    const { errors } = await admin.send('{ _entities(representations: []) { __typename } }');
    expect(errors[0]!.message).toContain('Cannot query field "_entities"');
  });
});

test('the example runs by one command, which shows its answer', async () => {
  const { stdout } = await promisify(execFile)('npm', [
    'run',
    '--silent',
    'example:federation',
    '--',
    '--exit',
  ]);
  const { customerByEmail: customer } = JSON.parse(stdout);
  expect(customer).toMatchObject({ name: world.person(1).name, accounts: { length: 5 } });
  expect(customer.orders).toHaveLength(2);
}, 120_000);
