import type { Engine } from '../engine/engine.ts';
import type { Tx } from '../store/store.ts';
import { tellBulks } from './bulk/wake.ts';
import { conclude } from './choose.ts';
import type { ErasureContext } from './context.ts';
import { forget } from './forget.ts';
import { changeErasureState, type ErasureWithTasks } from './journal.ts';
import { mayErasureBecome } from './words.ts';
import { writeReceipt } from './write-receipt.ts';

/** Whether a link came after the plan, so that nothing was done about its account. */
async function hasNewLinks(tx: Tx, { erasure }: ErasureWithTasks): Promise<boolean> {
  await tx.selectFrom('customer').select('id').where('id', '=', erasure.customerId).forUpdate().execute();
  const link = tx
    .selectFrom('link')
    .select('key')
    .where('customer_id', '=', erasure.customerId)
    .where('created_at', '>', erasure.requestedAt);
  return (await link.executeTakeFirst()) !== undefined;
}

/** Ends an erasure: says what it came to, also in a receipt, and forgets the customer when everything is gone everywhere. */
export async function finish(
  { store, clock, fingerprintKey }: ErasureContext,
  engine: Engine,
  journal: ErasureWithTasks,
): Promise<void> {
  const { erasure, tasks } = journal;
  const at = clock.now();
  await store.transaction(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('erasure')
      .set({ finished_at: at })
      .where('id', '=', erasure.id)
      .where('finished_at', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return; // another process was faster
    const done = conclude(erasure, tasks);
    const complete = done === 'COMPLETED' || done === 'COMPLETED_WITH_EXCEPTIONS';
    const missed = complete && erasure.everywhere && (await hasNewLinks(tx, journal));
    const end = missed ? 'PARTIAL' : done;
    const begun = mayErasureBecome(erasure.state, end) ? erasure : { ...erasure, state: 'RUNNING' as const };
    await tellBulks(tx, engine, erasure.id);
    await changeErasureState(tx, erasure, begun.state, at);
    const receipt = await writeReceipt(tx, journal, end, at);
    await changeErasureState(tx, begun, end, at, { receipt });
    if (complete && erasure.everywhere && !missed) await forget(tx, fingerprintKey, erasure, at);
  });
}
