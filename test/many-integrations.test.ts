import { afterAll, beforeAll, expect, test } from 'vitest';
import type { IntegrationConfig } from '../src/providers/index.ts';
import { Secret } from '../src/providers/secret.ts';
import { engagelab, ENGAGELAB_APP } from '../src/sandbox/engagelab.ts';
import { onelogin } from '../src/sandbox/onelogin.ts';
import { ONELOGIN_CLIENT } from '../src/sandbox/onelogin-tokens.ts';
import { particle, PARTICLE_CLIENT, PARTICLE_PRODUCT } from '../src/sandbox/particle.ts';
import { people } from '../src/sandbox/people.ts';
import { startVendor, type Vendor } from '../src/sandbox/vendor.ts';
import { ended, requestErasure } from './support/erasures.ts';
import { VendorControl } from './support/vendors.ts';
import { startWorld, type World } from './support/world.ts';

/** A second product, a Web Push app beside the App Push one, and a second tenant, for the first ten people. */
const some = people(10);
let vendors: Vendor[];
let world: World;

function more([product, web, tenant]: Vendor[]): IntegrationConfig[] {
  const client = { clientId: PARTICLE_CLIENT.id, clientSecret: new Secret(PARTICLE_CLIENT.secret) };
  const app = { appKey: ENGAGELAB_APP.key, masterSecret: new Secret(ENGAGELAB_APP.secret) };
  const pair = { clientId: ONELOGIN_CLIENT.id, clientSecret: new Secret(ONELOGIN_CLIENT.secret) };
  return [
    {
      id: 'second-product',
      provider: 'PARTICLE',
      settings: { baseUrl: product!.url, product: PARTICLE_PRODUCT, listAgeSeconds: 0, ...client },
    },
    { id: 'web-push', provider: 'ENGAGELAB', settings: { baseUrl: `${web!.url}/v4/`, ...app } },
    { id: 'second-tenant', provider: 'ONELOGIN', settings: { baseUrl: tenant!.url, apiVersion: 1, ...pair } },
  ];
}

beforeAll(async () => {
  vendors = await Promise.all([
    startVendor(particle(some)),
    startVendor(engagelab(some)),
    startVendor(onelogin(some)),
  ]);
  await new VendorControl(vendors[1]!.url).assume({ deleteDelayMs: 20 });
  world = await startWorld({}, {}, { more: more(vendors) });
  const { registrationId } = world.person(1).engagelab!;
  const link = `mutation ($input: AccountLinkInput!) { linkAccount(input: $input) { __typename } }`;
  await world.admin.data(link, {
    input: {
      customerId: world.id(1),
      integrationId: 'web-push',
      kind: 'REGISTRATION_ID',
      key: registrationId,
    },
  });
});

afterAll(async () => {
  await world.close();
  await Promise.all(vendors.map((vendor) => vendor.close()));
});

test('one customer is found at two integrations of each provider, and deleted at each of them', async () => {
  const { customer } = await world.admin.data(
    `query ($id: ID!) { customer(id: $id) { accounts { ... on Account { integration { id } } } } }`,
    { id: world.id(1) },
  );
  const places = customer.accounts.map((account: { integration: { id: string } }) => account.integration.id);
  expect(places.toSorted()).toEqual(
    [...Object.keys(world.vendors), 'second-product', 'second-tenant', 'web-push'].toSorted(),
  );

  const erasure = await ended(world.admin, await requestErasure(world.admin, world.id(1)));
  expect(erasure.state).toBe('COMPLETED');
  expect(erasure.tasks).toHaveLength(8);
  const [product, web, tenant] = vendors.map(({ url }) => new VendorControl(url));
  const { email, engagelab: device, onelogin: user } = world.person(1);
  expect((await product!.deletes()).at(-1)).toBe(
    `/v1/products/${PARTICLE_PRODUCT}/customers/${encodeURIComponent(email)}`,
  );
  expect(await web!.deletes()).toEqual([`/v4/devices/${device!.registrationId}`]);
  expect(await tenant!.deletes()).toEqual([`/api/1/users/${user!.id}`]);
});

test('what is linked at one integration is not taken for an account at another of the same provider', async () => {
  const { erasurePlan } = await world.admin.data(
    `query ($id: ID!) { erasurePlan(customerId: $id) { items { presence integration { id } } } }`,
    { id: world.id(2) },
  );
  const presence = Object.fromEntries(
    erasurePlan.items.map((item: { presence: string; integration: { id: string } }) => [
      item.integration.id,
      item.presence,
    ]),
  );
  expect(presence).toMatchObject({ engagelab: 'FOUND', 'web-push': 'NOT_LINKED', 'second-product': 'FOUND' });
});
