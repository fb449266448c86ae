import { MANAGERS, people, type Person } from '../sandbox/people.ts';
import { engagelab, ENGAGELAB_APP } from '../sandbox/engagelab.ts';
import { learn, LEARN_TENANT } from '../sandbox/learn.ts';
import { ONELOGIN_CLIENT } from '../sandbox/onelogin-tokens.ts';
import { onelogin } from '../sandbox/onelogin.ts';
import { particle, PARTICLE_CLIENT, PARTICLE_PRODUCT } from '../sandbox/particle.ts';
import { startVendor, type Vendor } from '../sandbox/vendor.ts';
import { vpn, VPN_TOKEN } from '../sandbox/vpn.ts';
import { registerManager } from '../customer/managers.ts';
import { registerCustomers, type NewCustomer } from '../customer/register.ts';
import type { IntegrationConfig } from '../providers/index.ts';
import { Secret } from '../providers/secret.ts';
import type { Store } from '../store/store.ts';

/** The five simulated vendors, listening, and the integrations that reach them. */
export interface Sandbox {
  vendors: Record<VendorName, Vendor>;
  integrations: IntegrationConfig[];
  people: Person[];
  close(): Promise<void>;
}

export type VendorName = 'particle' | 'engagelab' | 'learn' | 'vpn' | 'onelogin';

function integrationsOf(vendors: Record<VendorName, Vendor>): IntegrationConfig[] {
  const baseUrl = (name: VendorName): { baseUrl: string } => ({ baseUrl: vendors[name].url });
  const particleSettings = {
    product: PARTICLE_PRODUCT,
    clientId: PARTICLE_CLIENT.id,
    clientSecret: new Secret(PARTICLE_CLIENT.secret),
  };
  const oneloginSettings = { clientId: ONELOGIN_CLIENT.id, clientSecret: new Secret(ONELOGIN_CLIENT.secret) };
  const engagelabSettings = { appKey: ENGAGELAB_APP.key, masterSecret: new Secret(ENGAGELAB_APP.secret) };
  const learnSettings = {
    tenantId: LEARN_TENANT.id,
    apiSecret: new Secret(LEARN_TENANT.secret),
    auth: 'OAUTH2',
  };
  const vpnSettings = { token: new Secret(VPN_TOKEN), lookup: true };
  return [
    { id: 'particle', provider: 'PARTICLE', settings: { ...baseUrl('particle'), ...particleSettings } },
    { id: 'engagelab', provider: 'ENGAGELAB', settings: { ...baseUrl('engagelab'), ...engagelabSettings } },
    { id: 'learn', provider: 'LEARN', settings: { ...baseUrl('learn'), ...learnSettings } },
    { id: 'vpn', provider: 'VPN', settings: { ...baseUrl('vpn'), ...vpnSettings } },
    { id: 'onelogin', provider: 'ONELOGIN', settings: { ...baseUrl('onelogin'), ...oneloginSettings } },
  ];
}

/** Starts the vendors on consecutive ports from `firstPort`, or on any free ones when that is 0. */
export async function launchSandbox(firstPort = 0, population = people()): Promise<Sandbox> {
  const port = (offset: number): number => (firstPort === 0 ? 0 : firstPort + offset);
  const vendors = {
    particle: await startVendor(particle(population), port(0)),
    engagelab: await startVendor(engagelab(population), port(1)),
    learn: await startVendor(learn(population), port(2)),
    vpn: await startVendor(vpn(population), port(3)),
    onelogin: await startVendor(onelogin(population), port(4)),
  };
  const close = async (): Promise<void> => {
    await Promise.all(Object.values(vendors).map((vendor) => vendor.close()));
  };
  return { vendors, integrations: integrationsOf(vendors), people: population, close };
}

function newCustomer(person: Person): NewCustomer {
  const { engagelab: device, learn: learner, vpn: subscriber, onelogin: user } = person;
  const key = (
    integrationId: string,
    kind: 'REGISTRATION_ID' | 'ALIAS' | 'REF' | 'USER_ID',
    value: string,
  ) => ({
    integrationId,
    key: { kind, value },
  });
  const byAlias = person.number % 25 === 0;
  return {
    email: person.email,
    name: person.name,
    managerId: person.manager,
    testCustomer: person.testCustomer,
    links: [
      ...(device && byAlias ? [key('engagelab', 'ALIAS', device.alias)] : []),
      ...(device && !byAlias ? [key('engagelab', 'REGISTRATION_ID', device.registrationId)] : []),
      ...(learner ? [key('learn', 'REF', learner.ref)] : []),
      ...(subscriber ? [key('vpn', 'USER_ID', subscriber.userId)] : []),
      ...(user ? [key('onelogin', 'USER_ID', String(user.id))] : []),
    ],
  };
}

/** Makes the simulated people known to a gateway. Returns their customer ids in order. */
export async function registerPeople(store: Store, population: readonly Person[]): Promise<string[]> {
  for (const manager of MANAGERS) await registerManager(store, manager);
  return registerCustomers(store, population.map(newCustomer));
}
