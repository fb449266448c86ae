import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ONELOGIN_CLIENT } from '../../src/sandbox/onelogin-tokens.ts';
import { PARTICLE_CLIENT, PARTICLE_PRODUCT } from '../../src/sandbox/particle.ts';
import { people } from '../../src/sandbox/people.ts';
import { Secret } from '../../src/providers/secret.ts';
import { openStore } from '../../src/store/store.ts';
import { startGatewayProcess, type GatewayProcess } from '../crash/gateway-process.ts';
import { Api, type GraphqlAnswer } from '../support/api.ts';
import { mintToken, tokenSettings } from '../support/tokens.ts';
import { startVendorProcess, type VendorProcess } from '../support/vendor-process.ts';

const COUNT = 11_000;
const TWINS_EVERY = 500;
/** What garbage may come to, between one thousand accounts and ten thousand. */
const MOST_GROWTH_MB = 64;
const population = people(COUNT);
const atParticle = population.filter(({ particle }) => particle).length;
const atOnelogin = population.filter(({ onelogin }) => onelogin);
/** Pairs of whom both have an account. */
const twins = atOnelogin.filter(
  ({ number }) => number % TWINS_EVERY === 0 && atOnelogin.some((other) => other.number === number - 1),
).length;

let particle: VendorProcess;
let onelogin: VendorProcess;
let folder: string;
let gateway: GatewayProcess;
let api: Api;

const start = async (): Promise<void> => {
  gateway = await startGatewayProcess({
    store: { folder },
    tokens: tokenSettings,
    crash: null,
    integrations: [
      {
        id: 'particle',
        provider: 'PARTICLE',
        settings: {
          baseUrl: particle.url,
          product: PARTICLE_PRODUCT,
          clientId: PARTICLE_CLIENT.id,
          clientSecret: new Secret(PARTICLE_CLIENT.secret),
        },
      },
      {
        id: 'onelogin',
        provider: 'ONELOGIN',
        settings: {
          baseUrl: onelogin.url,
          clientId: ONELOGIN_CLIENT.id,
          clientSecret: new Secret(ONELOGIN_CLIENT.secret),
        },
      },
    ],
  });
  if (!gateway.url) throw new Error(gateway.errors());
  api = new Api(gateway.url, await mintToken({ role: 'ADMIN' }));
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'customer-gateway-import-'));
  [particle, onelogin] = await Promise.all([
    startVendorProcess({ name: 'particle', count: COUNT }),
    startVendorProcess({ name: 'onelogin', count: COUNT, twinsEvery: TWINS_EVERY }),
  ]);
  for (const { control } of [particle, onelogin])
    await control.fault({ kind: 'LATENCY', ms: 50, method: 'GET' });
  await start();
});

afterAll(() => {
  gateway.kill();
  particle.stop();
  onelogin.stop();
  rmSync(folder, { recursive: true, force: true });
});

const IMPORT = `query ($id: ID!) { node(id: $id) { ... on CustomerImport {
  state read created linked skipped ambiguous errorMessage
  ambiguousAccounts(first: 100) { edges { node { ambiguity } } }
} } }`;

const read = async (id: string): Promise<GraphqlAnswer['data']> => (await api.data(IMPORT, { id })).node;

const begin = async (integrationId: string): Promise<string> =>
  (
    await api.data(
      `mutation ($id: ID!) { importCustomers(input: { integrationId: $id }) {
        ... on ImportCustomersPayload { import { id } } } }`,
      { id: integrationId },
    )
  ).importCustomers.import.id;

async function restart(): Promise<void> {
  gateway.kill();
  await gateway.killed();
  await start();
}

const until = (id: string, enough: (seen: GraphqlAnswer['data']) => boolean): Promise<unknown> =>
  vi.waitUntil(async () => enough(await read(id)), { timeout: 120_000, interval: 5 });

/** Follows an import to its end, and kills the gateway in the middle of reading and in the middle of matching. */
async function followThroughKills(id: string): Promise<GraphqlAnswer['data']> {
  await until(id, ({ read: count }) => count > COUNT / 4);
  expect((await read(id)).state).toBe('READING');
  await restart();
  await until(id, ({ state }) => state !== 'READING');
  const { created, linked } = await read(id);
  await restart();
  expect(created + linked).toBeLessThan(COUNT / 2);
  await until(id, ({ state }) => state === 'COMPLETED' || state === 'FAILED');
  return read(id);
}

/** Memory of the process after each thousand accounts that it has read, in MB. */
async function memoryWhileReading(id: string): Promise<number[]> {
  const memory: number[] = [];
  for (let thousands = 1; thousands <= COUNT / 1000 - 1; thousands++) {
    await until(id, ({ read: count }) => count >= thousands * 1000);
    memory.push(Math.round(gateway.memory() / 1024 / 1024));
  }
  await until(id, ({ state }) => state === 'COMPLETED');
  return memory;
}

const pagesRead = async (vendor: VendorProcess, part: string): Promise<string[]> =>
  (await vendor.control.calls()).map(({ path }) => path).filter((path) => path.includes(part));

test(
  'ten thousand customers of Particle and ten thousand users of OneLogin, with four kills',
  { timeout: 400_000 },
  async () => {
    const started = performance.now();
    const first = await followThroughKills(await begin('particle'));
    expect(first).toMatchObject({
      state: 'COMPLETED',
      read: atParticle,
      created: atParticle,
      linked: 0,
      ambiguous: 0,
    });
    const second = await followThroughKills(await begin('onelogin'));
    const apiOwner = 1;
    expect(second).toMatchObject({
      state: 'COMPLETED',
      read: atOnelogin.length + apiOwner,
      ambiguous: 2 * twins,
    });
    expect(second.linked + second.created).toBe(atOnelogin.length + apiOwner - 2 * twins);
    expect(second.ambiguousAccounts.edges).toHaveLength(Math.min(2 * twins, 100));

    const particlePages = await pagesRead(particle, '/customers?');
    const oneloginPages = await pagesRead(onelogin, '/api/2/users?');
    for (const pages of [particlePages, oneloginPages])
      expect(pages.length - new Set(pages).size).toBeLessThanOrEqual(1);
    const seconds = Math.round((performance.now() - started) / 1000);
    const memory = await memoryWhileReading(await begin('onelogin'));
    expect(Math.max(...memory) - memory[0]!).toBeLessThan(MOST_GROWTH_MB);
    const calls = { particle: particlePages.length, onelogin: oneloginPages.length };
    console.log('imported', JSON.stringify({ seconds, calls, ambiguous: 2 * twins, memory }));
    gateway.kill();
    await gateway.killed();
    await checkLinks();
  },
);

/** Every account leads to one customer, and no customer to two accounts of an integration. */
async function checkLinks(): Promise<void> {
  const store = await openStore({ folder });
  const { rows } = await store.pool.query<{
    links: number;
    accounts: number;
    customers: number;
    wrong: number;
  }>(`
    select count(*)::int as links, count(distinct (integration_id, external_id))::int as accounts,
      count(distinct (integration_id, customer_id))::int as customers,
      count(*) filter (where integration_id = 'particle' and link.key <> customer.email_key)::int as wrong
    from link join customer on customer.id = link.customer_id`);
  await store.close();
  const links = atParticle + atOnelogin.length + 1 - 2 * twins;
  expect(rows).toEqual([{ links, accounts: links, customers: links, wrong: 0 }]);
}
