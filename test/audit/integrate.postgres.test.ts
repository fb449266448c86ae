import { afterAll, beforeAll, expect, test } from 'vitest';
import { integrate } from '../../src/audit/integrate.ts';
import { GATEWAY, record } from '../../src/audit/log.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { createDatabase, dropDatabase } from '../support/postgres-databases.ts';
import { placesInOrder } from './places.ts';
import { faultsOf } from './tampering.ts';

let databaseUrl: string;
/** Two processes of the gateway. */
let stores: [Store, Store];

beforeAll(async () => {
  databaseUrl = await createDatabase();
  const first = await openStore({ databaseUrl });
  stores = [first, await openStore({ databaseUrl })];
});

afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await dropDatabase(databaseUrl);
});

const EMPTY = { origin: 'x', size: 0, root: '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU', at: '' };

const write = (store: Store, action: string): Promise<void> =>
  store.transaction((tx) => record(tx, { actor: GATEWAY, action }, new Date()));

test('an entry that commits after one with a later id gets the later place', async () => {
  const [one, other] = stores;
  let commit!: () => void;
  const committed = new Promise<void>((resolve) => (commit = resolve));
  let written!: () => void;
  const isWritten = new Promise<void>((resolve) => (written = resolve));
  const early = one.transaction(async (tx) => {
    await record(tx, { actor: GATEWAY, action: 'early id' }, new Date());
    written();
    await committed;
  });
  await isWritten;
  await write(other, 'late id');
  expect(await integrate(other)).toBe(1);
  commit();
  await early;
  expect(await integrate(other)).toBe(1);
  const [first, second] = await placesInOrder(one);
  expect(first!.entry_id).toBeGreaterThan(second!.entry_id);
});

test('transactions and integrations of two processes at once leave no gap and no double, and no place changes', async () => {
  const told = new Map<number, number>();
  const turn = (store: Store): Promise<number> =>
    integrate(store, async (_tx, entries) => {
      for (const { id } of entries) told.set(id, (told.get(id) ?? 0) + 1);
      return Promise.resolve();
    });
  const before = await placesInOrder(stores[0]);
  const work = stores.flatMap((store) =>
    Array.from({ length: 150 }, async (_, i) => {
      await write(store, 'crowd');
      if (i % 3 === 0) await turn(store);
    }),
  );
  await Promise.all(work.slice(0, 150));
  const meanwhile = await placesInOrder(stores[1]);
  await Promise.all(work);
  while ((await turn(stores[0])) > 0);
  const places = await placesInOrder(stores[0]);
  expect(places.slice(0, meanwhile.length)).toEqual(meanwhile);
  expect(places.map(({ index }) => index)).toEqual(places.map((_, i) => i));
  expect(places).toHaveLength(before.length + 300);
  expect([...told.values()].every((times) => times === 1)).toBe(true);
  expect(told.size).toBe(300);
  expect(await faultsOf(stores[0], EMPTY)).toEqual([]);
});
