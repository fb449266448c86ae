import type { Principal } from '../../access/viewer.ts';
import type { Store } from '../../store/store.ts';
import { ImportNotFoundError, importsByIds, isImportFinished, type CustomerImport } from './import.ts';

/** An import as it stands, each time it has changed, until it ends. @throws {ImportNotFoundError} */
export async function* watchImport(
  store: Store,
  viewer: Principal,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<CustomerImport> {
  for await (const _look of store.changes.looks(id, signal)) {
    const [current] = await importsByIds(store, viewer, [id]);
    if (!current) throw new ImportNotFoundError();
    yield current;
    if (isImportFinished(current.state)) return;
  }
}
