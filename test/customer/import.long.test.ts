import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { people } from '../../src/sandbox/people.ts';
import { openStore } from '../../src/store/store.ts';
import type { LastingStore } from '../crash/order.ts';
import { createDatabase, dropDatabase } from '../support/postgres-databases.ts';
import { ImportAtScale } from './import-at-scale.ts';

const COUNT = 11_000;
const TWINS_EVERY = 500;
const API_OWNER = 1;
/** What garbage and the embedded database's cache may come to between one thousand accounts and ten thousand. */
const MOST_GROWTH_MB = 96;

const population = people(COUNT);
const atParticle = population.filter(({ particle }) => particle).length;
const users = population.filter(({ onelogin }) => onelogin);
const numbers = new Set(users.map(({ number }) => number));
/** Pairs that share an e-mail address, of whom both have an account. */
const pairs = users.filter(({ number }) => number % TWINS_EVERY === 0 && numbers.has(number - 1)).length;

/** Every account leads to one customer, and no customer to two accounts of an integration. */
async function checkLinks(location: LastingStore): Promise<void> {
  const store = await openStore(location);
  const { rows } = await store.pool.query(`
    select count(*)::int as links, count(distinct (integration_id, external_id))::int as accounts,
      count(distinct (integration_id, customer_id))::int as customers,
      count(*) filter (where integration_id = 'particle' and link.key <> customer.email_key)::int as wrong
    from link join customer on customer.id = link.customer_id`);
  await store.close();
  const links = atParticle + users.length + API_OWNER - 2 * pairs;
  expect(rows).toEqual([{ links, accounts: links, customers: links, wrong: 0 }]);
}

async function importBoth(store: LastingStore): Promise<void> {
  const started = performance.now();
  const run = await ImportAtScale.start(store, { count: COUNT, twinsEvery: TWINS_EVERY });
  try {
    const first = await run.throughKills(await run.begin('particle'), COUNT / 4);
    expect(first).toMatchObject({
      state: 'COMPLETED',
      read: atParticle,
      created: atParticle,
      linked: 0,
      ambiguous: 0,
    });
    const second = await run.throughKills(await run.begin('onelogin'), COUNT / 4);
    const read = users.length + API_OWNER;
    expect(second).toMatchObject({ state: 'COMPLETED', read, ambiguous: 2 * pairs, skipped: 0 });
    expect(second.linked + second.created).toBe(read - 2 * pairs);
    expect(second.ambiguousAccounts.edges).toHaveLength(2 * pairs);

    const pages = [await run.pages('particle', '/customers?'), await run.pages('onelogin', '/api/2/users?')];
    for (const some of pages) expect(some.length - new Set(some).size).toBeLessThanOrEqual(1);
    const seconds = Math.round((performance.now() - started) / 1000);
    const memory = await run.memoryWhileReading(await run.begin('onelogin'), COUNT / 1000 - 1);
    console.log(
      'imported',
      JSON.stringify({ seconds, calls: pages.map(({ length }) => length), pairs, memory }),
    );
    expect(Math.max(...memory) - memory[0]!).toBeLessThan(MOST_GROWTH_MB);
  } finally {
    await run.stop();
  }
  await checkLinks(store);
}

const PATIENCE = { timeout: 400_000 };

test(
  'ten thousand accounts of Particle and of OneLogin, with four kills, on the embedded store',
  PATIENCE,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'customer-gateway-import-'));
    await importBoth({ folder });
    rmSync(folder, { recursive: true });
  },
);

test('the same on PostgreSQL', PATIENCE, async () => {
  const databaseUrl = await createDatabase();
  await importBoth({ databaseUrl });
  await dropDatabase(databaseUrl);
});
