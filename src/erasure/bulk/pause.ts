import { reachOf } from '../../access/viewer.ts';
import type { Engine } from '../../engine/engine.ts';
import type { ErasureContext } from '../context.ts';
import { BulkStateError } from './errors.ts';
import { checkReason } from '../reason.ts';
import { steer, type Steerer } from './steer.ts';

interface Order {
  bulkId: string;
  reason: string;
}

/**
 * Lets a bulk begin no more erasures until it is resumed. Those that it has begun go on.
 *
 * @throws {InvalidInputError | BulkNotFoundError | BulkStateError}
 */
export async function pauseBulk(
  context: ErasureContext,
  engine: Engine,
  by: Steerer,
  { bulkId, reason }: Order,
): Promise<void> {
  checkReason(reason);
  await steer(context, engine, by, {
    bulkId,
    action: 'bulk.paused',
    reason,
    change({ state, cancelRequest }, _tx, at) {
      if (state === 'PAUSED') return null;
      if (state !== 'RUNNING' || cancelRequest)
        throw new BulkStateError(bulkId, 'Only a bulk that runs can be paused.');
      return { paused_by: by.viewer.subject, pause_reason: reason, paused_at: at };
    },
  });
}

/**
 * Lets a paused bulk go on. A viewer who does not reach everyone resumes only what it has paused itself.
 *
 * @throws {InvalidInputError | BulkNotFoundError | BulkStateError}
 */
export async function resumeBulk(
  context: ErasureContext,
  engine: Engine,
  by: Steerer,
  { bulkId, reason }: Order,
): Promise<void> {
  checkReason(reason);
  await steer(context, engine, by, {
    bulkId,
    action: 'bulk.resumed',
    reason,
    change({ state, pausedBy }) {
      if (state === 'RUNNING') return null;
      if (state !== 'PAUSED') throw new BulkStateError(bulkId, 'Only a paused bulk can be resumed.');
      if (!reachOf(by.viewer).everyone && pausedBy !== by.viewer.subject)
        throw new BulkStateError(bulkId, 'Somebody else has paused it, and has to resume it.');
      return { paused_by: null, pause_reason: null, paused_at: null };
    },
  });
}
