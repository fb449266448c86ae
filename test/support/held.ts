import type { Person } from '../../src/sandbox/people.ts';
import type { VendorControls } from './vendors.ts';

/** The one that is meant; fails when there are more. */
export const only = <T>(all: T[], is: (one: T) => boolean): T => {
  const [found, another] = all.filter(is);
  if (!found || another) throw new Error('not exactly one');
  return found;
};

/** What the vendors' states say of people. */
export interface Held {
  particle: {
    customers: { username: string }[];
    devices: { id: string; owner: string | null; online: boolean }[];
  };
  engagelab: { devices: { registrationId: string; alias: string; tags: string[] }[] };
  learn: {
    users: {
      id: string;
      ref: string;
      email: string;
      firstName: string;
      lastName: string;
      role: string;
      status: string;
      positions: object[];
    }[];
  };
  vpn: { customers: { userId: string; email: string; activeSubscription: boolean }[] };
  onelogin: {
    users: {
      id: number;
      email: string;
      username: string;
      firstname: string;
      lastname: string;
      last_login: string | null;
      apps: object[];
    }[];
  };
}

/** What the vendors hold of a person, read back, as an export has to say it: one item an account. */
export async function heldOf(
  vendors: VendorControls,
  { email, engagelab, learn, vpn, onelogin }: Person,
): Promise<object[]> {
  const names = ['particle', 'engagelab', 'learn', 'vpn', 'onelogin'] as const;
  const states = await Promise.all(names.map(async (name) => [name, await vendors[name].state()]));
  const held = Object.fromEntries(states) as Held;
  const customer = only(held.particle.customers, ({ username }) => username === email);
  const devices = held.particle.devices.filter(({ owner }) => owner === email);
  const device = only(
    held.engagelab.devices,
    ({ registrationId }) => registrationId === engagelab!.registrationId,
  );
  const learner = only(held.learn.users, ({ ref }) => ref === learn!.ref);
  const subscriber = only(held.vpn.customers, ({ userId }) => userId === vpn!.userId);
  const user = only(held.onelogin.users, ({ id }) => id === onelogin!.id);
  return [
    {
      integrationId: 'particle',
      provider: 'PARTICLE',
      externalId: customer.username,
      email,
      facts: { username: customer.username },
      details: { devices: devices.map(({ id, online }) => ({ id, online })) },
    },
    {
      integrationId: 'engagelab',
      provider: 'ENGAGELAB',
      externalId: device.registrationId,
      email: null,
      facts: { alias: device.alias, tags: device.tags },
      details: {},
    },
    {
      integrationId: 'learn',
      provider: 'LEARN',
      externalId: learner.ref,
      email: learner.email,
      facts: {
        id: learner.id,
        name: `${learner.firstName} ${learner.lastName}`,
        role: learner.role,
        status: learner.status,
        positions: learner.positions.length,
      },
      details: {},
    },
    {
      integrationId: 'vpn',
      provider: 'VPN',
      externalId: subscriber.userId,
      email: subscriber.email,
      facts: { activeSubscription: subscriber.activeSubscription },
      details: {},
    },
    {
      integrationId: 'onelogin',
      provider: 'ONELOGIN',
      externalId: String(user.id),
      email: user.email,
      facts: {
        id: user.id,
        username: user.username,
        name: `${user.firstname} ${user.lastname}`,
        status: 'active',
        lastLogin: user.last_login,
      },
      details: { apps: user.apps },
    },
  ];
}
