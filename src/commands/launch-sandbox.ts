import { MANAGERS, people, type Person } from '../sandbox/people.ts';
import { engagelab, ENGAGELAB_APP } from '../sandbox/engagelab.ts';
import { learn, LEARN_TENANT } from '../sandbox/learn.ts';
import { ONELOGIN_CLIENT } from '../sandbox/onelogin-tokens.ts';
import { onelogin } from '../sandbox/onelogin.ts';
import { particle, PARTICLE_CLIENT, PARTICLE_PRODUCT } from '../sandbox/particle.ts';
import { startVendor, type Vendor } from '../sandbox/vendor.ts';
import { vpn, VPN_TOKEN } from '../sandbox/vpn.ts';
import { registerManager } from '../customer/managers.ts';
import { insertCustomers, insertLinks, type NewLink } from '../customer/insert.ts';
import { GATEWAY } from '../audit/log.ts';
import type { IntegrationConfig } from '../providers/index.ts';
import type { KeyKind } from '../providers/provider.ts';
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

/** Everyone is linked by the provider's own id, and every 25th person at EngageLab by alias. Particle finds by e-mail. */
function linksOf({ number, engagelab, learn, vpn, onelogin }: Person, customerId: string): NewLink[] {
  const link = (
    integrationId: string,
    kind: KeyKind,
    value: string,
    externalId: string | null = value,
  ): NewLink => ({
    customerId,
    integrationId,
    key: { kind, value },
    externalId,
  });
  const device =
    engagelab && number % 25 === 0
      ? link('engagelab', 'ALIAS', engagelab.alias, engagelab.registrationId)
      : engagelab && link('engagelab', 'REGISTRATION_ID', engagelab.registrationId);
  return [
    device,
    learn && link('learn', 'REF', learn.ref),
    vpn && link('vpn', 'USER_ID', vpn.userId),
    onelogin && link('onelogin', 'USER_ID', String(onelogin.id)),
  ].filter((one) => one !== null);
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
    await insertLinks(
      tx,
      population.flatMap((person, i) => linksOf(person, ids[i]!)),
      by,
      at,
    );
    return ids;
  });
}
