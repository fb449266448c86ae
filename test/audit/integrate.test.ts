import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { forgetInLog } from '../../src/audit/forget.ts';
import { integrate } from '../../src/audit/integrate.ts';
import { GATEWAY, record, recordAll } from '../../src/audit/log.ts';
import { consistencyHolds, leafHash, rootFromInclusionProof } from '../../src/audit/merkle.ts';
import { consistencyProof, inclusionProof, rootOf, treeSize } from '../../src/audit/tree.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { emptyStore } from '../support/world.ts';
import { hashesOf } from './in-memory-tree.ts';
import { leavesInOrder, placesInOrder } from './places.ts';

let store: Store;

beforeAll(async () => {
  store = await openStore(emptyStore());
});

afterAll(() => store.close());

const write = (count: number): Promise<void> => {
  const entry = { actor: GATEWAY, action: 'test' };
  return store.transaction((tx) =>
    recordAll(
      tx,
      Array.from({ length: count }, () => entry),
      new Date(),
    ),
  );
};

beforeEach(async () => {
  while ((await integrate(store)) > 0);
});

test('entries of many transactions get places without a gap, each one, however many give them', async () => {
  const before = await treeSize(store.db);
  await Promise.all(
    Array.from({ length: 60 }, async (_, i) => {
      await write(1 + (i % 3));
      if (i % 4 === 0) await integrate(store);
    }),
  );
  while ((await integrate(store)) > 0);
  const places = await placesInOrder(store);
  expect(places.map(({ index }) => index)).toEqual(places.map((_, i) => i));
  expect(new Set(places.map(({ entry_id: id }) => id)).size).toBe(places.length);
  expect(places.length - before).toBe(120);
});

test('the kept hashes are those of the tree, over several batches, and prove every entry', async () => {
  await write(1_300);
  expect(await integrate(store)).toBe(500);
  const older = await treeSize(store.db);
  const olderRoot = await rootOf(store.db, older);
  while ((await integrate(store)) > 0);
  const leaves = await leavesInOrder(store);
  const size = await treeSize(store.db);
  expect(size).toBe(leaves.length);
  const root = await rootOf(store.db, size);
  expect(Buffer.from(root)).toEqual(Buffer.from(hashesOf(leaves)({ begin: 0, end: size })));
  for (const index of [0, 1, 499, 500, older, size - 1]) {
    const proof = await inclusionProof(store.db, index, size);
    expect(rootFromInclusionProof(index, size, leafHash(leaves[index]!), proof)).toEqual(root);
  }
  const proof = await consistencyProof(store.db, older, size);
  expect(consistencyHolds(older, size, olderRoot, root, proof)).toBe(true);
});

test('whoever is told of entries is told of each once, in their order; when that fails, nobody was told', async () => {
  await write(700);
  const told: number[] = [];
  const failing = integrate(store, () => Promise.reject(new Error('not now')));
  await expect(failing).rejects.toThrow('not now');
  const size = await treeSize(store.db);
  const tell = (): Promise<number> =>
    integrate(store, async (tx, entries) => {
      expect(await treeSize(tx)).toBe(size + told.length + entries.length);
      told.push(...entries.map(({ id }) => id));
    });
  await Promise.all([tell(), tell(), tell()]);
  expect(told).toEqual((await placesInOrder(store)).slice(size).map(({ entry_id: id }) => id));
  expect(told).toHaveLength(700);
});

test('nothing is taken back, and of entries nothing is changed but that a customer is forgotten', async () => {
  const customerId = '00000000-0000-4000-8000-000000000001';
  await store.transaction((tx) =>
    record(tx, { actor: GATEWAY, action: 'test', customerId, reason: 'why' }, new Date()),
  );
  await store.transaction((tx) => record(tx, { actor: GATEWAY, action: 'test', reason: 'kept' }, new Date()));
  await integrate(store);
  const refused = 'the audit log is append-only';
  const run = (statement: string): Promise<unknown> => store.pool.query(statement);
  for (const statement of [
    "update audit_entry set action = 'x'",
    "update audit_entry set salt = null, customer_id = null, reason = null, action = 'x' where customer_id is not null",
    'update audit_entry set reason = null where customer_id is not null',
    "update audit_entry set salt = null, reason = null where reason = 'kept'",
    'delete from audit_entry where id = 1',
    'update audit_leaf set entry_id = entry_id',
    'delete from audit_leaf',
    'truncate audit_leaf',
    'update audit_node set hash = hash',
    'delete from audit_node',
    'truncate audit_node',
  ])
    await expect(run(statement), statement).rejects.toThrow(refused);
  await store.transaction((tx) => forgetInLog(tx, customerId, new Date()));
  const rows = await store.db
    .selectFrom('audit_entry')
    .select(['reason', 'customer_id', 'salt'])
    .where('action', '=', 'test')
    .execute();
  expect(rows.filter(({ salt }) => salt === null)).toEqual([{ reason: null, customer_id: null, salt: null }]);
  expect(rows.filter(({ reason }) => reason !== null)).toHaveLength(1);
});
