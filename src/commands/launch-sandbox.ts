import { GATEWAY } from '../audit/log.ts';
import { insertCustomers, insertLinks } from '../customer/insert.ts';
import { registerManager } from '../customer/managers.ts';
import type { IntegrationConfig } from '../providers/index.ts';
import type { AccountKey } from '../providers/provider.ts';
import { Secret } from '../providers/secret.ts';
import { engagelab, ENGAGELAB_APP } from '../sandbox/engagelab.ts';
import { learn, LEARN_TENANT } from '../sandbox/learn.ts';
import { ONELOGIN_CLIENT } from '../sandbox/onelogin-tokens.ts';
import { onelogin } from '../sandbox/onelogin.ts';
import { particle, PARTICLE_CLIENT, PARTICLE_PRODUCT } from '../sandbox/particle.ts';
import { MANAGERS, people, type Person } from '../sandbox/people.ts';
import { startVendor, type Vendor } from '../sandbox/vendor.ts';
import { vpn, VPN_TOKEN } from '../sandbox/vpn.ts';
import type { Store } from '../store/store.ts';

/** How a simulated vendor is started and reached. */
interface Simulation {
  provider: string;
  start(people: readonly Person[], port: number): Promise<Vendor>;
  /** Besides where it is. */
  settings: object;
  /** What a person is linked by; null where nothing is held, or where the e-mail address is enough. */
  key(person: Person): (AccountKey & { externalId?: string }) | null;
}

/** Every 25th person is known to EngageLab by alias. */
function deviceKey({ number, engagelab: device }: Person): (AccountKey & { externalId?: string }) | null {
  if (!device) return null;
  const { alias, registrationId } = device;
  if (number % 25 === 0) return { kind: 'ALIAS', value: alias, externalId: registrationId };
  return { kind: 'REGISTRATION_ID', value: registrationId };
}

/** The simulated vendors, each with one integration of the same name. A new one is an entry here. */
const SIMULATIONS = {
  particle: {
    provider: 'PARTICLE',
    start: (population, port) => startVendor(particle(population), port),
    settings: {
      product: PARTICLE_PRODUCT,
      clientId: PARTICLE_CLIENT.id,
      clientSecret: new Secret(PARTICLE_CLIENT.secret),
    },
    key: () => null,
  },
  engagelab: {
    provider: 'ENGAGELAB',
    start: (population, port) => startVendor(engagelab(population), port),
    settings: { appKey: ENGAGELAB_APP.key, masterSecret: new Secret(ENGAGELAB_APP.secret) },
    key: deviceKey,
  },
  learn: {
    provider: 'LEARN',
    start: (population, port) => startVendor(learn(population), port),
    settings: { tenantId: LEARN_TENANT.id, apiSecret: new Secret(LEARN_TENANT.secret), auth: 'OAUTH2' },
    key: ({ learn: learner }) => learner && { kind: 'REF', value: learner.ref },
  },
  vpn: {
    provider: 'VPN',
    start: (population, port) => startVendor(vpn(population), port),
    settings: { token: new Secret(VPN_TOKEN), lookup: true },
    key: ({ vpn: subscriber }) => subscriber && { kind: 'USER_ID', value: subscriber.userId },
  },
  onelogin: {
    provider: 'ONELOGIN',
    start: (population, port) => startVendor(onelogin(population), port),
    settings: { clientId: ONELOGIN_CLIENT.id, clientSecret: new Secret(ONELOGIN_CLIENT.secret) },
    key: ({ onelogin: user }) => user && { kind: 'USER_ID', value: String(user.id) },
  },
} satisfies Record<string, Simulation>;

export type VendorName = keyof typeof SIMULATIONS;

const simulations = Object.entries(SIMULATIONS) as [VendorName, Simulation][];

/** The simulated vendors, listening, and the integrations that reach them. */
export interface Sandbox {
  vendors: Record<VendorName, Vendor>;
  integrations: IntegrationConfig[];
  people: Person[];
  close(): Promise<void>;
}

/** Starts the vendors on consecutive ports from `firstPort`, or on any free ones when that is 0. */
export async function launchSandbox(firstPort = 0, population = people()): Promise<Sandbox> {
  const started = await Promise.all(
    simulations.map(async ([name, { start }], i) => {
      return [name, await start(population, firstPort === 0 ? 0 : firstPort + i)] as const;
    }),
  );
  const vendors = Object.fromEntries(started) as Record<VendorName, Vendor>;
  return {
    vendors,
    integrations: simulations.map(([id, { provider, settings }]) => ({
      id,
      provider,
      settings: { baseUrl: vendors[id].url, ...settings },
      network: 'ANY',
    })),
    people: population,
    async close() {
      await Promise.all(started.map(([, vendor]) => vendor.close()));
    },
  };
}

/** Makes the simulated people known to a gateway. Returns their customer ids in order. */
export async function registerPeople(store: Store, population: readonly Person[]): Promise<string[]> {
  for (const manager of MANAGERS) await registerManager(store, manager);
  const at = new Date();
  const by = { actor: GATEWAY };
  const customers = population.map(({ email, name, manager, testCustomer }) => ({
    email,
    name,
    managerId: manager,
    testCustomer,
  }));
  return store.transaction(async (tx) => {
    const ids = await insertCustomers(tx, customers, by, at);
    const links = population.flatMap((person, i) =>
      simulations.flatMap(([integrationId, simulation]) => {
        const key = simulation.key(person);
        if (!key) return [];
        const { kind, value, externalId = value } = key;
        return [{ customerId: ids[i]!, integrationId, key: { kind, value }, externalId }];
      }),
    );
    await insertLinks(tx, links, by, at);
    return ids;
  });
}
