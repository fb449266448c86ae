import type { Engine } from '../../engine/engine.ts';
import { stopErasure } from '../cancel.ts';
import type { ErasureContext } from '../context.ts';
import type { Bulk } from './bulk.ts';
import { BulkStateError } from './errors.ts';
import { openErasures, refuseRest } from './items.ts';
import { checkReason } from '../reason.ts';
import { steer, type Steerer } from './steer.ts';

/**
 * Stops a bulk: no more erasures begin, and those that have not ended are asked to stop. It ends when they have.
 *
 * @throws {InvalidInputError | BulkNotFoundError | BulkStateError}
 */
export async function cancelBulk(
  context: ErasureContext,
  engine: Engine,
  by: Steerer,
  { bulkId, reason }: { bulkId: string; reason: string },
): Promise<void> {
  checkReason(reason);
  await steer(context, engine, by, {
    bulkId,
    action: 'bulk.cancel_requested',
    reason,
    async change({ finishedAt, cancelRequest }, tx, at) {
      if (finishedAt) throw new BulkStateError(bulkId, 'It has ended; there is nothing left to stop.');
      if (cancelRequest) return null;
      await refuseRest(tx, bulkId, 'CANCELED', 'The bulk was canceled before its turn came.');
      const { subject, role } = by.viewer;
      return {
        paused_by: null,
        pause_reason: null,
        paused_at: null,
        cancel_requested_by: subject,
        cancel_requester_role: role,
        cancel_reason: reason,
        cancel_requested_at: at,
      };
    },
  });
}

/** Asks every erasure of a canceled bulk to stop, those included that began while it was canceled. */
export async function stopErasures(
  context: ErasureContext,
  engine: Engine,
  { id, cancelRequest }: Bulk,
): Promise<void> {
  const { reason, ...actor } = cancelRequest!;
  for (const erasure of await openErasures(context.store.db, id)) {
    if (erasure.cancel_requested_at) continue;
    const { id: erasureId, customer_id: customerId, run } = erasure;
    await stopErasure(context, engine, { id: erasureId, customerId, run }, { actor, reason });
  }
}
