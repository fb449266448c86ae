import type { Updateable } from 'kysely';
import type { Principal } from '../../access/viewer.ts';
import { record } from '../../audit/log.ts';
import type { Engine } from '../../engine/engine.ts';
import type { BulkTable } from '../../store/bulk-tables.ts';
import type { Tx } from '../../store/store.ts';
import type { ErasureContext } from '../context.ts';
import type { Bulk } from './bulk.ts';
import { changeBulk, lockBulk } from './change.ts';
import { BulkNotFoundError } from './errors.ts';
import { bulkById } from './read.ts';

/** Who intervenes, in which request. */
export interface Steerer {
  viewer: Principal;
  requestId: string;
}

/** What somebody does to a bulk. */
export interface Intervention {
  bulkId: string;
  /** Written down under this name. */
  action: string;
  reason?: string;
  /** What changes, for a bulk that stays as it is until it has; null: nothing. Throws where it may not be done. */
  change(bulk: Bulk, tx: Tx, at: Date): Promise<Updateable<BulkTable> | null> | Updateable<BulkTable> | null;
}

/**
 * Changes a bulk that the viewer sees, writes it down, and lets the bulk look at it at once.
 *
 * @throws {BulkNotFoundError}
 */
export async function steer(
  { store, clock }: ErasureContext,
  engine: Engine,
  { viewer, requestId }: Steerer,
  { bulkId, change, ...entry }: Intervention,
): Promise<void> {
  if (!(await bulkById(store, viewer, bulkId))) throw new BulkNotFoundError();
  const at = clock.now();
  await store.transaction(async (tx) => {
    const values = await change(await lockBulk(tx, bulkId), tx, at);
    if (!values) return;
    await changeBulk(tx, bulkId, values);
    await record(tx, { actor: viewer, requestId, ...entry, details: { bulkId } }, at);
    await engine.wake(tx, bulkId);
  });
}
