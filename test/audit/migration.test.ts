import { readFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, Migrator, PostgresDialect } from 'kysely';
import type { Pool } from 'pg';
import { expect, inject, test } from 'vitest';
import { integrate } from '../../src/audit/integrate.ts';
import { migrations } from '../../src/store/migrations.ts';
import { PglitePool } from '../../src/store/pglite-pool.ts';
import { openStore } from '../../src/store/store.ts';
import { leavesInOrder } from './places.ts';
import { faultsOf } from './tampering.ts';

const EMPTY = { origin: 'x', size: 0, root: '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU', at: '' };
const PRESENT = '00000000-0000-4000-8000-000000000001';
const ERASED = '00000000-0000-4000-8000-000000000002';

/** A store as it was before the log became a tree, with entries. */
async function olderStore(entries: readonly unknown[][]): Promise<Blob> {
  const pglite = await PGlite.create({ loadDataDir: new Blob([readFileSync(inject('emptyStore'))]) });
  const pool = new PglitePool(pglite) as unknown as Pool;
  const db = new Kysely<never>({ dialect: new PostgresDialect({ pool }) });
  const earlier = Object.entries(migrations).filter(([name]) => name < '0005');
  const provider = { getMigrations: () => Promise.resolve(Object.fromEntries(earlier)) };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  expect(error).toBeUndefined();
  for (const [id, erasedAt] of [
    [PRESENT, null],
    [ERASED, new Date()],
  ])
    await pool.query('insert into customer (id, test_customer, erased_at) values ($1, false, $2)', [
      id,
      erasedAt,
    ]);
  for (const entry of entries)
    await pool.query(
      `insert into audit_entry (at, actor, role, action, customer_id, erasure_id, sequence, integration_id, reason,
        request_id, details) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      entry,
    );
  const dump = await pglite.dumpDataDir('none');
  await pglite.close();
  return dump;
}

test('entries of before get leaves of the same form, and those of the erased lose who and why', async () => {
  const at = new Date('2026-01-02T03:04:05.006Z');
  const details = {
    z: [1, -0.5, 0.000001, true, null, { b: 'ü "quoted" \\ \n \u0001 \u2028 😀', a: {} }],
    Ä: [],
    aa: 12345678901234,
    B: '',
  };
  const nothing = [null, null, null, null, null, null];
  const snapshot = await olderStore([
    [at, 'gateway', 'SYSTEM', 'test', ...nothing, '{}'],
    [
      at,
      'Jürgen "J"',
      'ADMIN',
      'test',
      PRESENT,
      null,
      null,
      'vpn',
      'why\n"not"',
      'r-1',
      JSON.stringify(details),
    ],
    [at, 'someone', 'ADMIN', 'test', ERASED, null, null, null, 'a secret reason', 'r-2', '{}'],
  ]);
  const store = await openStore({ snapshot });
  expect(await integrate(store)).toBe(4);
  expect(await faultsOf(store, EMPTY)).toEqual([]);
  const rows = await store.db.selectFrom('audit_entry').selectAll().orderBy('id').execute();
  expect(rows.map(({ reason }) => reason)).toEqual([null, 'why\n"not"', null, null]);
  expect(rows[3]).toMatchObject({ action: 'customer.forgotten', details: { entries: 1 } });
  expect(rows[2]).toMatchObject({ customer_id: null, salt: null });
  expect((await leavesInOrder(store)).join('\n')).not.toMatch(/secret|J"|why/);
  await store.close();
});
