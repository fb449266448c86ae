import type { Viewer } from '../../access/viewer.ts';
import type { Store } from '../../store/store.ts';
import { importsByIds, isImportFinished, type CustomerImport } from './import.ts';

/** How long the stream relies on being told of changes before it looks by itself. */
const LOOK_EVERY_MS = 5_000;

/** An import as it stands, each time it has changed, until it ends. Nothing when there is none for the viewer. */
export async function* watchImport(
  store: Store,
  viewer: Viewer,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<CustomerImport> {
  while (!signal.aborted) {
    const waiting = new AbortController();
    const changed = store.changes.next(id, LOOK_EVERY_MS, AbortSignal.any([signal, waiting.signal]));
    try {
      const [current] = await importsByIds(store, viewer, [id]);
      if (!current) return;
      yield current;
      if (isImportFinished(current.state)) return;
      await changed;
    } finally {
      waiting.abort();
    }
  }
}
