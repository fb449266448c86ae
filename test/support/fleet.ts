import { GATEWAY } from '../../src/audit/log.ts';
import { insertCustomers, insertLinks } from '../../src/customer/insert.ts';
import { engagelab, ENGAGELAB_APP } from '../../src/sandbox/engagelab.ts';
import { learn, LEARN_TENANT } from '../../src/sandbox/learn.ts';
import { ONELOGIN_CLIENT } from '../../src/sandbox/onelogin-tokens.ts';
import { onelogin } from '../../src/sandbox/onelogin.ts';
import { particle, PARTICLE_CLIENT, PARTICLE_PRODUCT } from '../../src/sandbox/particle.ts';
import { people, type Person } from '../../src/sandbox/people.ts';
import { startVendor, type Vendor } from '../../src/sandbox/vendor.ts';
import { vpn, VPN_TOKEN } from '../../src/sandbox/vpn.ts';
import type { Store } from '../../src/store/store.ts';
import { VendorControl } from './vendors.ts';

/** Seven integrations of five providers, each with a simulated vendor of its own. */
export interface Fleet {
  /** As an integrations file lists them, their secrets by reference. */
  entries: { id: string; provider: string; settings: Record<string, unknown> }[];
  /** The variables that the entries refer to: three of them are wrong, or too weak to delete. */
  secrets: Record<string, string>;
  vendors: Record<FleetName, VendorControl>;
  /** Address of someone whom all seven vendors hold. */
  email: string;
  /** What is known of them besides, and names nobody else. */
  personal: readonly string[];
  /** Makes them known to a gateway. */
  register(store: Store): Promise<void>;
  close(): Promise<void>;
}

type FleetName = 'particle-eu' | 'particle-us' | 'app-push' | 'web-push' | 'learn' | 'vpn' | 'onelogin';

const WRONG_SECRET = 'canary-of-a-wrong-master-secret';

type Vendors = Record<FleetName, Vendor>;

async function startVendors(population: readonly Person[]): Promise<Vendors> {
  return {
    'particle-eu': await startVendor(particle(population)),
    'particle-us': await startVendor(particle(population)),
    'app-push': await startVendor(engagelab(population)),
    'web-push': await startVendor(engagelab(population)),
    learn: await startVendor(learn(population)),
    vpn: await startVendor(vpn(population)),
    onelogin: await startVendor(onelogin(population)),
  };
}

function entriesOf(vendors: Vendors): Fleet['entries'] {
  const entry = (id: FleetName, provider: string, settings: object) => ({
    id,
    provider,
    settings: { baseUrl: vendors[id].url, ...settings },
  });
  const product = { product: PARTICLE_PRODUCT, listAgeSeconds: 0 };
  const client = { clientId: PARTICLE_CLIENT.id, clientSecret: { env: 'PARTICLE_EU_SECRET' } };
  const app = { appKey: ENGAGELAB_APP.key };
  const tenant = { tenantId: LEARN_TENANT.id, auth: 'OAUTH2' };
  return [
    entry('particle-eu', 'PARTICLE', { ...product, ...client }),
    entry('particle-us', 'PARTICLE', { ...product, accessToken: { env: 'PARTICLE_US_TOKEN' } }),
    entry('app-push', 'ENGAGELAB', { ...app, masterSecret: { env: 'APP_PUSH_SECRET' } }),
    entry('web-push', 'ENGAGELAB', { ...app, masterSecret: { env: 'WEB_PUSH_SECRET' } }),
    entry('learn', 'LEARN', { ...tenant, apiSecret: { env: 'LEARN_SECRET' } }),
    entry('vpn', 'VPN', { token: { env: 'VPN_TOKEN' }, lookup: true }),
    entry('onelogin', 'ONELOGIN', {
      clientId: ONELOGIN_CLIENT.id,
      clientSecret: { env: 'ONELOGIN_SECRET' },
    }),
  ];
}

/** A token that acts for one customer at a Particle vendor, and so for no product. */
async function customerToken({ url }: Vendor, email: string): Promise<string> {
  const form = { grant_type: 'client_credentials', scope: `customer=${email}` };
  const client = { client_id: PARTICLE_CLIENT.id, client_secret: PARTICLE_CLIENT.secret };
  const body = new URLSearchParams({ ...form, ...client });
  const answer = await fetch(`${url}/oauth/token`, { method: 'POST', body });
  return ((await answer.json()) as { access_token: string }).access_token;
}

async function register(store: Store, person: Person): Promise<void> {
  const { email, name, engagelab, learn, vpn, onelogin } = person;
  const keys = [
    ['app-push', 'REGISTRATION_ID', engagelab!.registrationId],
    ['web-push', 'REGISTRATION_ID', engagelab!.registrationId],
    ['learn', 'REF', learn!.ref],
    ['vpn', 'USER_ID', vpn!.userId],
    ['onelogin', 'USER_ID', String(onelogin!.id)],
  ] as const;
  const by = { actor: GATEWAY };
  const at = new Date();
  await store.transaction(async (tx) => {
    const customer = { email, name, managerId: null, testCustomer: true };
    const [customerId] = (await insertCustomers(tx, [customer], by, at)) as [string];
    const links = keys.map(([integrationId, kind, value]) => ({
      customerId,
      integrationId,
      key: { kind, value },
      externalId: value,
    }));
    await insertLinks(tx, links, by, at);
  });
}

/**
 * Starts the fleet. `particle-us` has a customer's token, `web-push` a wrong secret, and the client of `learn` only
 * the scope `api/read`.
 */
export async function startFleet(): Promise<Fleet> {
  const population = people(10);
  const [person] = population;
  const vendors = await startVendors(population);
  const controls = Object.fromEntries(
    Object.entries(vendors).map(([id, { url }]) => [id, new VendorControl(url)]),
  ) as Fleet['vendors'];
  await controls.learn.assume({ clientScopes: 'api/read' });
  return {
    entries: entriesOf(vendors),
    secrets: {
      PARTICLE_EU_SECRET: PARTICLE_CLIENT.secret,
      PARTICLE_US_TOKEN: await customerToken(vendors['particle-us'], person!.email),
      APP_PUSH_SECRET: ENGAGELAB_APP.secret,
      WEB_PUSH_SECRET: WRONG_SECRET,
      LEARN_SECRET: LEARN_TENANT.secret,
      VPN_TOKEN,
      ONELOGIN_SECRET: ONELOGIN_CLIENT.secret,
    },
    vendors: controls,
    email: person!.email,
    personal: [person!.name, person!.engagelab!.registrationId, person!.engagelab!.alias],
    register: (store) => register(store, person!),
    async close() {
      await Promise.all(Object.values(vendors).map((vendor) => vendor.close()));
    },
  };
}
