import { Pool } from 'undici';
import { ENGAGELAB_APP } from '../../src/sandbox/engagelab.ts';
import { LEARN_TENANT } from '../../src/sandbox/learn.ts';
import { ONELOGIN_CLIENT } from '../../src/sandbox/onelogin-tokens.ts';
import { PARTICLE_CLIENT, PARTICLE_PRODUCT } from '../../src/sandbox/particle.ts';
import type { Person } from '../../src/sandbox/people.ts';
import { VPN_TOKEN } from '../../src/sandbox/vpn.ts';
import { readSetting } from './place.ts';
import { POPULATION } from './population.ts';

/** An account as GraphQL answers it; fields that a type does not have are missing. */
export type Account = Record<string, unknown> & { __typename: string };

export interface Customer {
  id: string;
  name: string;
  email: string;
  testCustomer: boolean;
  person: Person;
}

const { urls, ids } = readSetting();

export const customers = new Map<string, Customer>(
  POPULATION.map((person, i) => {
    const { name, email, testCustomer } = person;
    return [ids[i]!, { id: ids[i]!, name, email, testCustomer, person }];
  }),
);

const pools = Object.fromEntries(
  Object.entries(urls).map(([name, url]) => [name, new Pool(url, { connections: 16 })]),
);

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/* oxlint-disable typescript/no-explicit-any -- what vendors answer is read as it comes */
export async function call(
  vendor: string,
  path: string,
  authorization: string,
  init: object = {},
): Promise<any> {
  const headers = { accept: 'application/json', authorization, 'content-type': 'application/json' };
  const answer = await pools[vendor]!.request({ method: 'GET', path, headers, ...init });
  return answer.body.json();
}

async function token(vendor: string, path: string, fields: object, authorization = ''): Promise<string> {
  const body = JSON.stringify({ grant_type: 'client_credentials', ...fields });
  return `Bearer ${(await call(vendor, path, authorization, { method: 'POST', body })).access_token}`;
}

const particleToken = await token('particle', '/oauth/token', {
  client_id: PARTICLE_CLIENT.id,
  client_secret: PARTICLE_CLIENT.secret,
});
const learnToken = await token('learn', `/oauth2/token/${LEARN_TENANT.id}`, {
  client_id: LEARN_TENANT.id,
  client_secret: LEARN_TENANT.secret,
});
const oneloginToken = await token(
  'onelogin',
  '/auth/oauth2/v2/token',
  {},
  basic(ONELOGIN_CLIENT.id, ONELOGIN_CLIENT.secret),
);
const app = basic(ENGAGELAB_APP.key, ENGAGELAB_APP.secret);

/** How those are asked of whom a plan asks more than accounts. */
export const ONELOGIN = { token: oneloginToken };
export const PARTICLE = {
  token: particleToken,
  page: (collection: 'customers' | 'devices', page: number): string =>
    `/v1/products/${PARTICLE_PRODUCT}/${collection}?page=${page}&perPage=100&per_page=100`,
};

/** Particle has no call that reads one customer, so its list is kept for a minute, as the gateway keeps it. */
async function readList(): Promise<Map<string, any>> {
  const rows = new Map<string, any>();
  for (let page = 1, pages = 1; page <= pages; page++) {
    const body = await call('particle', PARTICLE.page('customers', page), particleToken);
    for (const row of body.customers) rows.set(row.username, row);
    pages = body.meta.total_pages;
  }
  return rows;
}
let list = readList();
setInterval(() => (list = readList()), 60_000).unref();

const account = (type: string, vendor: string, facts: object): Account => ({
  __typename: `${type}Account`,
  integration: { id: vendor },
  ...facts,
});

async function particle({ email }: Person): Promise<Account> {
  const { username } = (await list).get(email);
  return account('Particle', 'particle', { externalId: username, email: username });
}

export async function engagelab({ engagelab: device }: Person): Promise<Account> {
  const { registrationId } = device!;
  const { alias, tags } = await call('engagelab', `/v4/devices/${registrationId}`, app);
  return account('Engagelab', 'engagelab', { externalId: registrationId, email: null, alias, tags });
}

const learner = ({ id, ref, email, role, status }: any): Account =>
  account('Learn', 'learn', { externalId: ref, email, internalId: id, role, status });

export async function learn(persons: readonly Person[]): Promise<Account[]> {
  const one = async ({ learn: user }: Person) =>
    learner(await call('learn', `/rest/v1/users/ref/${encodeURIComponent(user!.ref)}`, learnToken));
  if (persons.length < 10) return Promise.all(persons.map(one));
  const { results } = await call('learn', '/rest/v1/users?page=1&perPage=1000', learnToken);
  const users = new Map(results.map((user: any) => [user.ref, user]));
  return persons.map((person) => learner(users.get(person.learn!.ref)));
}

export async function vpn({ vpn: subscriber }: Person): Promise<Account> {
  const { customer } = await call('vpn', `/customer/${subscriber!.userId}`, `Bearer ${VPN_TOKEN}`);
  const { userId, email, activeSubscription } = customer;
  return account('Vpn', 'vpn', { externalId: userId, email, activeSubscription });
}

const user = ({ id, email, username }: any): Account =>
  account('Onelogin', 'onelogin', { externalId: String(id), email, username, status: 'active' });

export async function onelogin(persons: readonly Person[]): Promise<Account[]> {
  const ids = persons.map(({ onelogin: one }) => one!.id);
  if (ids.length === 1) return [user(await call('onelogin', `/api/2/users/${ids[0]}`, oneloginToken))];
  const chunks = Array.from({ length: Math.ceil(ids.length / 50) }, (_, i) =>
    ids.slice(i * 50, (i + 1) * 50),
  );
  const pages = await Promise.all(
    chunks.map((chunk) => {
      const path = `/api/2/users?user_ids=${encodeURIComponent(chunk.join(','))}&limit=50`;
      return call('onelogin', path, oneloginToken);
    }),
  );
  const users = new Map(pages.flat().map((one: any) => [one.id, one]));
  return ids.map((id) => user(users.get(id)));
}

/** The accounts of customers, with as few calls as the vendors allow: one list a customer, in order. */
export async function accountsOf(persons: readonly Person[]): Promise<Account[][]> {
  const [inParticle, inEngagelab, inLearn, inVpn, inOnelogin] = await Promise.all([
    Promise.all(persons.map(particle)),
    Promise.all(persons.map(engagelab)),
    learn(persons),
    Promise.all(persons.map(vpn)),
    onelogin(persons),
  ]);
  return persons.map((_, i) => [inParticle[i]!, inEngagelab[i]!, inLearn[i]!, inVpn[i]!, inOnelogin[i]!]);
}
