import type { Principal } from '../access/viewer.ts';
import { entriesAfter, type WrittenEntry } from '../audit/read.ts';
import type { Store } from '../store/store.ts';
import { ErasureNotFoundError } from './errors.ts';
import { erasureById } from './read.ts';
import { isFinished } from './words.ts';

/**
 * Everything that happens in an erasure, from after a sequence number on: what already happened first, then what
 * happens, until it ends. Resuming with the last number seen loses and repeats nothing. The viewer's right is checked
 * again before each batch.
 *
 * @throws {ErasureNotFoundError}
 */
export async function* watchErasure(
  store: Store,
  viewer: Principal,
  erasureId: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<WrittenEntry> {
  let sequence = after;
  for await (const _look of store.changes.looks(erasureId, signal)) {
    const erasure = await erasureById(store, viewer, erasureId);
    if (!erasure) throw new ErasureNotFoundError();
    for (const entry of await entriesAfter(store, erasureId, sequence)) {
      yield entry;
      sequence = entry.sequence!;
    }
    if (isFinished(erasure.state)) return;
  }
}
