import type { Viewer } from '../access/viewer.ts';
import { record } from '../audit/log.ts';
import type { ErasureContext } from './context.ts';
import { InvalidInputError } from '../customer/errors.ts';
import type { Engine } from '../engine/engine.ts';
import { ErasureFinishedError, ErasureNotFoundError } from './errors.ts';
import { identityOf } from './identity.ts';
import { refusePersonalText } from './personal-text.ts';
import { erasureById } from './read.ts';
import { wakeErasure } from './run.ts';

/**
 * Asks an erasure to stop. Before the point of no return nothing is deleted; after it, what is left is not. A call
 * that is under way is waited for.
 *
 * @throws {InvalidInputError | ErasureNotFoundError | ErasureFinishedError}
 */
export async function cancelErasure(
  context: ErasureContext,
  engine: Engine,
  by: { viewer: Viewer; requestId: string },
  { erasureId, reason }: { erasureId: string; reason: string },
): Promise<void> {
  if (reason.trim() === '')
    throw new InvalidInputError([{ path: 'reason', message: 'A reason is required.' }]);
  const erasure = await erasureById(context.store, by.viewer, erasureId);
  if (!erasure) throw new ErasureNotFoundError();
  const { customerId } = erasure;
  refusePersonalText({ reason }, await identityOf(context.store.db, customerId));
  const at = context.clock.now();
  const stopped = await context.store.transaction(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('erasure')
      .set({ cancel_requested_at: at })
      .where('id', '=', erasureId)
      .where('finished_at', 'is', null)
      .where('cancel_requested_at', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    const entry = { action: 'erasure.cancel_requested', customerId, erasureId, reason };
    await record(tx, { actor: by.viewer, requestId: by.requestId, ...entry }, at);
    await wakeErasure(engine, tx, erasure);
    return true;
  });
  if (!stopped && !erasure.cancelRequestedAt) throw new ErasureFinishedError(erasureId);
}
