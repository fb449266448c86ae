import type { Principal } from '../../access/viewer.ts';
import type { Store } from '../../store/store.ts';
import type { Bulk } from './bulk.ts';
import { BulkNotFoundError } from './errors.ts';
import { bulkById } from './read.ts';

/**
 * A bulk as it stands, unless that was seen, and each time it has changed, until it ends. `after` is the last sequence
 * number that was seen.
 *
 * @throws {BulkNotFoundError}
 */
export async function* watchBulk(
  store: Store,
  viewer: Principal,
  id: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<Bulk> {
  let seen = after;
  for await (const _look of store.changes.looks(id, signal)) {
    const bulk = await bulkById(store, viewer, id);
    if (!bulk) throw new BulkNotFoundError();
    if (bulk.sequence > seen) yield bulk;
    seen = Math.max(seen, bulk.sequence);
    if (bulk.finishedAt) return;
  }
}
