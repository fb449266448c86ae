import type { Updateable } from 'kysely';
import { announce } from '../../store/changes.ts';
import type { BulkTable } from '../../store/bulk-tables.ts';
import type { Store, Tx } from '../../store/store.ts';
import { bulkOf, type Bulk } from './bulk.ts';

/** A bulk, whoever may see it. */
export async function loadBulk(db: Store['db'], id: string): Promise<Bulk> {
  const query = db.selectFrom('bulk_erasure').selectAll().where('id', '=', id);
  return bulkOf(await query.executeTakeFirstOrThrow());
}

/** A bulk as it is, and stays until the transaction ends. */
export async function lockBulk(tx: Tx, id: string): Promise<Bulk> {
  const query = tx.selectFrom('bulk_erasure').selectAll().where('id', '=', id);
  return bulkOf(await query.forUpdate().executeTakeFirstOrThrow());
}

/** Changes a bulk, or notes that something about its items has changed, and wakes whoever watches it. */
export async function changeBulk(tx: Tx, id: string, values: Updateable<BulkTable> = {}): Promise<void> {
  await tx
    .updateTable('bulk_erasure')
    .set((eb) => ({ ...values, sequence: eb('sequence', '+', 1) }))
    .where('id', '=', id)
    .execute();
  await announce(tx, id);
}
