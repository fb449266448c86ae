import type { Store, Tx } from '../../store/store.ts';
import { itemOf, type BulkItem } from './bulk.ts';
import { changeBulk } from './change.ts';
import type { ItemRefusal } from './words.ts';

/** What came of one customer's turn. */
export type ItemOutcome =
  | { result: 'CREATED' | 'ALREADY_OPEN'; erasureId: string }
  | { result: 'REFUSED'; code: ItemRefusal; message: string };

export const refuse = (code: ItemRefusal, message: string): ItemOutcome => ({
  result: 'REFUSED',
  code,
  message,
});

/** The item whose turn it is; those that failed come last. Null: none is left. */
export async function nextItem(db: Store['db'], bulkId: string): Promise<BulkItem | null> {
  const row = await db
    .selectFrom('bulk_item')
    .selectAll()
    .where('bulk_id', '=', bulkId)
    .where('result', 'is', null)
    .orderBy('failures')
    .orderBy('customer_id')
    .limit(1)
    .executeTakeFirst();
  return row ? itemOf(row) : null;
}

/** The erasures that a bulk has begun and that have not ended. */
export function openErasures(db: Store['db'], bulkId: string) {
  return db
    .selectFrom('bulk_item')
    .innerJoin('erasure', 'erasure.id', 'bulk_item.erasure_id')
    .select([
      'erasure.id',
      'erasure.customer_id',
      'erasure.state',
      'erasure.cancel_requested_at',
      'erasure.run',
    ])
    .where('bulk_id', '=', bulkId)
    .where('result', '=', 'CREATED')
    .where('erasure.finished_at', 'is', null)
    .execute();
}

/** Writes down what came of an item's turn. What was begun stays begun, whatever was written meanwhile. */
export async function settle(tx: Tx, item: BulkItem, outcome: ItemOutcome): Promise<void> {
  await changeBulk(tx, item.bulkId);
  const refusal = outcome.result === 'REFUSED' ? outcome : { code: null, message: null };
  await tx
    .updateTable('bulk_item')
    .set({
      result: outcome.result,
      code: refusal.code,
      message: refusal.message,
      erasure_id: 'erasureId' in outcome ? outcome.erasureId : null,
    })
    .where('bulk_id', '=', item.bulkId)
    .where('customer_id', '=', item.id)
    .where((eb) => eb.or([eb('result', 'is', null), eb('result', '=', 'REFUSED')]))
    .execute();
}

/** Refuses every item whose turn has not come, except some. */
export async function refuseRest(
  tx: Tx,
  bulkId: string,
  code: ItemRefusal,
  message: string,
  except: readonly string[] = [],
): Promise<void> {
  let rest = tx
    .updateTable('bulk_item')
    .set({ result: 'REFUSED', code, message })
    .where('bulk_id', '=', bulkId)
    .where('result', 'is', null);
  if (except.length > 0) rest = rest.where('customer_id', 'not in', [...except]);
  await rest.execute();
}
