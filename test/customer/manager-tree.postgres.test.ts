import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerManager } from '../../src/customer/managers.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { createDatabase, dropDatabase } from '../support/postgres-databases.ts';

let databaseUrl: string;
let stores: [Store, Store];

beforeAll(async () => {
  databaseUrl = await createDatabase();
  stores = [await openStore({ databaseUrl }), await openStore({ databaseUrl })];
});

afterAll(async () => {
  for (const store of stores) await store.close();
  await dropDatabase(databaseUrl);
});

test('two changes that close a ring together are not both made, whichever is first', async () => {
  for (let round = 0; round < 20; round++) {
    const ids = [`left ${round}`, `right ${round}`] as const;
    for (const id of ids) await registerManager(stores[0], { id, parentId: null, name: id });
    const move = (store: Store, id: string, parent: string): Promise<unknown> =>
      store.db.updateTable('manager').set({ parent_id: parent }).where('id', '=', id).execute();
    const moves = [move(stores[0], ids[0], ids[1]), move(stores[1], ids[1], ids[0])];
    const results = await Promise.allSettled(moves);
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const { reason } = results.find((one) => one.status === 'rejected')!;
    expect(String(reason)).toMatch(/would be above itself|deadlock/);
  }
});
