import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Api, GraphqlAnswer } from '../support/api.ts';
import { ended, requestErasure } from '../support/erasures.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let glacier: Api;

beforeAll(async () => {
  world = await startWorld();
  glacier = await world.as({ role: 'RESALE', manager: 'glacier' });
});

afterAll(() => world.close());

const CUSTOMER =
  'customer { id email name testCustomer manager { id } links { integration { id } kind key } }';

const mutate = async (
  api: Api,
  name: string,
  type: string,
  input: object,
): Promise<GraphqlAnswer['data']> => {
  const document = `mutation ($input: ${type}!) { ${name}(input: $input) {
    __typename
    ... on CustomerPayload { ${CUSTOMER} }
    ... on AccountLinkPayload { ${CUSTOMER} }
    ... on Error { message }
    ... on InvalidInputError { issues { path } }
    ... on IntegrationFailedError { code }
  } }`;
  const fields = document.split('\n').filter((line) => !line.includes('... on') || allowed(name, line));
  return (await api.data(fields.join('\n'), { input }))[name];
};

/** A fragment on a type that cannot be there is an error in GraphQL. */
function allowed(name: string, line: string): boolean {
  if (line.includes('AccountLinkPayload')) return name.endsWith('Account');
  if (line.includes('CustomerPayload')) return !name.endsWith('Account');
  if (line.includes('IntegrationFailedError')) return name === 'linkAccount' || name === 'createCustomer';
  return true;
}

const register = (api: Api, input: object) => mutate(api, 'registerCustomer', 'RegisterCustomerInput', input);
const create = (input: object) => mutate(world.admin, 'createCustomer', 'CreateCustomerInput', input);
const assign = (api: Api, input: object) => mutate(api, 'assignManager', 'AssignManagerInput', input);
const link = (api: Api, input: object) => mutate(api, 'linkAccount', 'AccountLinkInput', input);
const unlink = (api: Api, input: object) => mutate(api, 'unlinkAccount', 'AccountLinkInput', input);

describe('registering', () => {
  test('makes a customer known, with its mark as a test customer, and creates nothing at a provider', async () => {
    const { customer } = await register(world.admin, { email: 'New.One@Example.com', testCustomer: true });
    expect(customer).toMatchObject({
      email: 'New.One@Example.com',
      testCustomer: true,
      manager: null,
      links: [],
    });
    const { customers } = await world.admin.data(
      '{ customers(filter: { email: "new.one@example.com", testCustomer: true }) { edges { node { id } } } }',
    );
    expect(customers.edges.map((edge: { node: { id: string } }) => edge.node.id)).toEqual([customer.id]);
    for (const vendor of Object.values(world.vendors)) expect(await vendor.calls()).toEqual([]);
  });

  test.each(['ben.abel.1@example.com', 'BEN.ABEL.1@EXAMPLE.COM'])(
    '%s, which is taken: refused',
    async (email) => {
      expect(await register(world.admin, { email })).toMatchObject({ __typename: 'EmailTakenError' });
    },
  );

  test('by a reseller: under its own manager, and under no other', async () => {
    const { customer } = await register(glacier, { email: 'mine@example.com' });
    expect(customer.manager).toEqual({ id: 'glacier' });
    for (const managerId of ['meadow', 'alpine', 'nobody', null]) {
      const refused = await register(glacier, { email: 'other@example.com', managerId });
      expect(refused).toMatchObject({ __typename: 'InvalidInputError', issues: [{ path: 'managerId' }] });
    }
  });

  test('nobody, or with a name that is too long: every issue at once', async () => {
    expect(await register(world.admin, { name: ' ' })).toMatchObject({ issues: [{ path: 'email' }] });
    const refused = await register(world.admin, { name: 'x'.repeat(201), managerId: 'nobody' });
    expect(refused.issues).toEqual([{ path: 'name' }, { path: 'managerId' }]);
  });
});

describe('assigning a manager', () => {
  test('moves a customer, within the reach of who asks', async () => {
    const customerId = world.id(1);
    expect((await assign(world.admin, { customerId, managerId: 'meadow' })).customer.manager).toEqual({
      id: 'meadow',
    });
    expect(await assign(glacier, { customerId, managerId: 'glacier' })).toMatchObject({
      __typename: 'CustomerNotFoundError',
    });
    expect((await assign(world.admin, { customerId })).customer.manager).toBeNull();
    await assign(world.admin, { customerId, managerId: 'glacier' });
    for (const managerId of ['alpine', null]) {
      expect(await assign(glacier, { customerId, managerId })).toMatchObject({
        issues: [{ path: 'managerId' }],
      });
    }
  });
});

describe('creating at a provider', () => {
  test('a shadow customer at Particle: there, known, linked, and found', async () => {
    const input = { integrationId: 'particle', email: 'shadow@example.com', testCustomer: true };
    const { customer } = await create(input);
    expect(customer.links).toEqual([
      { integration: { id: 'particle' }, kind: 'EMAIL', key: 'shadow@example.com' },
    ]);
    const { customers } = await world.vendors.particle.state<{ customers: { username: string }[] }>();
    expect(customers.filter(({ username }) => username === 'shadow@example.com')).toHaveLength(1);
    expect(await create(input)).toMatchObject({ __typename: 'EmailTakenError' });
  });

  test('one that the provider has and the gateway does not know: refused, to be linked', async () => {
    await create({ integrationId: 'particle', email: 'twice@example.com' });
    await world.gateway.store.db.deleteFrom('link').where('key', '=', 'twice@example.com').execute();
    await world.gateway.store.db
      .deleteFrom('customer')
      .where('email_key', '=', 'twice@example.com')
      .execute();
    const refused = await create({ integrationId: 'particle', email: 'twice@example.com' });
    expect(refused).toMatchObject({ __typename: 'AccountExistsError' });
  });

  test('whose answer is lost: looked for, and not created twice', async () => {
    const path = '/v1/products/sandbox-product/customers';
    await world.vendors.particle.fault({ kind: 'RESET_AFTER', method: 'POST', path, times: 1 });
    const { customer } = await create({ integrationId: 'particle', email: 'lost@example.com' });
    expect(customer.links).toHaveLength(1);
    const posts = (await world.vendors.particle.calls()).filter(
      (call) => call.path === path && call.method === 'POST',
    );
    expect(posts.at(-1)!.status).toBeNull();
  });

  test('where it cannot be done, or the provider fails: an error that says so, and no customer', async () => {
    const email = 'none@example.com';
    expect(await create({ integrationId: 'learn', email })).toMatchObject({
      issues: [{ path: 'integrationId' }],
    });
    await world.vendors.particle.fault({ kind: 'STATUS', status: 503, method: 'POST', path: '/v1/' });
    const failed = await create({ integrationId: 'particle', email });
    expect(failed).toMatchObject({ __typename: 'IntegrationFailedError', code: 'UNAVAILABLE' });
    await world.vendors.particle.fault();
    const { customerByEmail } = await world.admin.data(`{ customerByEmail(email: "${email}") { id } }`);
    expect(customerByEmail).toBeNull();
  });
});

describe('linking', () => {
  const at = (number: number, integrationId: string, kind: string, key: string) => ({
    customerId: world.id(number),
    integrationId,
    kind,
    key,
  });

  test('needs the account to be there, and is the same when it is asked for again', async () => {
    const { ref } = world.person(20).learn!;
    await unlink(world.admin, at(20, 'learn', 'REF', ref));
    expect(await link(world.admin, at(20, 'learn', 'REF', 'EMP-99999'))).toMatchObject({
      __typename: 'AccountNotFoundError',
    });
    const linked = await link(world.admin, at(20, 'learn', 'REF', ref));
    expect(linked.customer.links).toContainEqual({ integration: { id: 'learn' }, kind: 'REF', key: ref });
    const together = Array.from({ length: 8 }, () => link(world.admin, at(20, 'learn', 'REF', ref)));
    for (const again of await Promise.all(together)) expect(again).toEqual(linked);
  });

  test('the same account by another of its keys changes nothing', async () => {
    const { onelogin, email } = world.person(20);
    const before = await link(world.admin, at(20, 'onelogin', 'USER_ID', String(onelogin!.id)));
    expect(await link(world.admin, at(20, 'onelogin', 'EMAIL', email))).toEqual(before);
  });

  test('is not for resellers, who could read and delete what they link', async () => {
    const own = world.people.find(({ manager, vpn }) => manager === 'glacier' && !vpn)!.number;
    const refused = await link(glacier, at(own, 'vpn', 'USER_ID', 'user4'));
    expect(refused).toMatchObject({ issues: [{ path: 'customerId' }] });
    expect(await world.vendors.vpn.calls()).toEqual([]);
  });

  test('waits until no erasure is open, so that nothing is linked that nobody deletes', async () => {
    await world.vendors.engagelab.fault({ kind: 'LATENCY', ms: 300 });
    const id = await requestErasure(world.admin, world.id(33), { integrationIds: ['engagelab'] });
    const { ref } = world.person(33).learn!;
    expect(await unlink(world.admin, at(33, 'learn', 'REF', ref))).toMatchObject({
      issues: [{ path: 'customerId' }],
    });
    await ended(world.admin, id);
    await world.vendors.engagelab.fault();
    expect(await unlink(world.admin, at(33, 'learn', 'REF', ref))).toMatchObject({
      __typename: 'AccountLinkPayload',
    });
  });

  test('an account of another customer, by whatever key: refused', async () => {
    const { learn, engagelab, onelogin } = world.person(50);
    for (const input of [
      at(26, 'learn', 'REF', learn!.ref),
      at(26, 'engagelab', 'ALIAS', engagelab!.alias),
      at(26, 'engagelab', 'REGISTRATION_ID', engagelab!.registrationId),
      at(26, 'onelogin', 'USER_ID', String(onelogin!.id)),
      at(26, 'onelogin', 'EMAIL', world.person(50).email),
    ]) {
      expect(await link(world.admin, input)).toMatchObject({ __typename: 'AccountLinkedError' });
    }
  });

  test.each([
    ['learn', 'USER_ID', 'EMP-00001', 'key.kind'],
    ['onelogin', 'USER_ID', '0012', 'key.value'],
    ['onelogin', 'EMAIL', '*@example.com', 'key.value'],
    ['engagelab', 'REGISTRATION_ID', '../x', 'key.value'],
    ['learn', 'REF', '', 'key.value'],
    ['nowhere', 'REF', 'EMP-00001', 'integrationId'],
  ])('at %s by %s %j: an issue at %s, and nothing is sent', async (integrationId, kind, key, path) => {
    for (const vendor of Object.values(world.vendors)) await vendor.forget();
    expect(await link(world.admin, at(27, integrationId, kind, key))).toMatchObject({ issues: [{ path }] });
    for (const vendor of Object.values(world.vendors)) expect(await vendor.calls()).toEqual([]);
  });

  test('while the provider is down: an error that says so, and no link', async () => {
    await world.vendors.learn.fault({ kind: 'STATUS', status: 503 });
    const { ref } = world.person(20).learn!;
    const failed = await link(world.admin, at(28, 'learn', 'REF', ref));
    expect(failed).toMatchObject({ __typename: 'IntegrationFailedError', code: 'UNAVAILABLE' });
    await world.vendors.learn.fault();
  });

  test("another reseller's customer: as if there were none, and nothing is sent", async () => {
    const foreign = world.people.find(({ manager }) => manager === 'meadow')!.number;
    for (const vendor of Object.values(world.vendors)) await vendor.forget();
    for (const change of [link, unlink]) {
      const answer = await change(glacier, at(foreign, 'learn', 'REF', 'EMP-00002'));
      expect(answer).toMatchObject({ __typename: 'CustomerNotFoundError' });
    }
    for (const vendor of Object.values(world.vendors)) expect(await vendor.calls()).toEqual([]);
  });
});
