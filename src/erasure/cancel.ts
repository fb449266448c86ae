import type { Principal } from '../access/viewer.ts';
import { record, type Actor } from '../audit/log.ts';
import type { ErasureContext } from './context.ts';
import type { Engine } from '../engine/engine.ts';
import type { Erasure } from './erasure.ts';
import { ErasureFinishedError, ErasureNotFoundError } from './errors.ts';
import { identityOf } from './identity.ts';
import { checkReason } from './reason.ts';
import { erasureById } from './read.ts';
import { wakeErasure } from './run.ts';

/** Who stops an erasure, and why. */
interface Stop {
  actor: Actor;
  requestId?: string;
  reason: string;
}

/** Asks an erasure to stop. False: it has ended, or was asked before. */
export async function stopErasure(
  { store, clock }: ErasureContext,
  engine: Engine,
  { id: erasureId, customerId, run }: Pick<Erasure, 'id' | 'customerId' | 'run'>,
  stop: Stop,
): Promise<boolean> {
  const at = clock.now();
  return store.transaction(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('erasure')
      .set({ cancel_requested_at: at })
      .where('id', '=', erasureId)
      .where('finished_at', 'is', null)
      .where('cancel_requested_at', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    await record(tx, { ...stop, action: 'erasure.cancel_requested', customerId, erasureId }, at);
    await wakeErasure(engine, tx, { id: erasureId, run });
    return true;
  });
}

/**
 * Asks an erasure of the viewer's to stop. Before the point of no return nothing is deleted; after it, what is left is
 * not. A call that is under way is waited for.
 *
 * @throws {InvalidInputError | ErasureNotFoundError | ErasureFinishedError}
 */
export async function cancelErasure(
  context: ErasureContext,
  engine: Engine,
  by: { viewer: Principal; requestId: string },
  { erasureId, reason }: { erasureId: string; reason: string },
): Promise<void> {
  const erasure = await erasureById(context.store, by.viewer, erasureId);
  if (!erasure) throw new ErasureNotFoundError();
  checkReason(reason, await identityOf(context.store.db, erasure.customerId));
  const stop = { actor: by.viewer, requestId: by.requestId, reason };
  const stopped = await stopErasure(context, engine, erasure, stop);
  if (!stopped && !erasure.cancelRequestedAt) throw new ErasureFinishedError(erasureId);
}
