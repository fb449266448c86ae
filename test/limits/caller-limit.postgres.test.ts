import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerManager } from '../../src/customer/managers.ts';
import { CallerLimit } from '../../src/limits/caller-limit.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { createDatabase, dropDatabase } from '../support/postgres-databases.ts';
import { StandingClock } from '../support/standing-clock.ts';

let databaseUrl: string;
/** Two processes of the gateway. */
let stores: [Store, Store];

beforeAll(async () => {
  databaseUrl = await createDatabase();
  const first = await openStore({ databaseUrl });
  stores = [first, await openStore({ databaseUrl })];
  await registerManager(first, { id: 'top', parentId: null, name: 'Top' });
  await registerManager(first, { id: 'below', parentId: 'top', name: 'Below' });
});

afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await dropDatabase(databaseUrl);
});

test('processes that take from the same limits at the same time give out no more than there is', async () => {
  const clock = new StandingClock();
  const limits = stores.map(({ db }) => new CallerLimit(db, { caller: 600, manager: 900 }, clock));
  const asked = Array.from({ length: 2_400 }, (_, i) => {
    const spender = { subject: `caller ${i % 2}`, manager: i % 3 ? 'top' : 'below' };
    return limits[i % 4 < 2 ? 0 : 1]!.spend(spender, 1);
  });
  const granted = (await Promise.all(asked)).filter(({ retryAt }) => retryAt === null).length;
  expect(granted).toBeLessThanOrEqual(900);
  expect(granted).toBeGreaterThanOrEqual(900 - 2 * 15); // a second's worth may lie with either process
});
