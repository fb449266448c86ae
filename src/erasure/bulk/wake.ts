import type { Engine } from '../../engine/engine.ts';
import type { Tx } from '../../store/store.ts';
import { changeBulk } from './change.ts';

/** Tells the bulks that have begun an erasure that it has ended. */
export async function tellBulks(tx: Tx, engine: Engine, erasureId: string): Promise<void> {
  const items = tx.selectFrom('bulk_item').select('bulk_id').where('erasure_id', '=', erasureId);
  for (const { bulk_id } of await items.where('result', '=', 'CREATED').execute()) {
    await changeBulk(tx, bulk_id);
    await engine.wake(tx, bulk_id);
  }
}

/** Lets every bulk that has not ended look at once whether it may go on. */
export async function wakeBulks(tx: Tx, engine: Engine): Promise<void> {
  const open = tx.selectFrom('bulk_erasure').select('id').where('finished_at', 'is', null);
  for (const { id } of await open.execute()) await engine.wake(tx, id);
}
