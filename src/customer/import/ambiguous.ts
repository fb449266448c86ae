import type { Store } from '../../store/store.ts';
import type { Stretch } from '../directory.ts';
import { AMBIGUITIES, type Ambiguity, type AmbiguousAccount } from './import.ts';

/** The accounts that an import has left to a person, in the order of their external ids. */
export async function ambiguousAccounts(
  store: Store,
  importId: string,
  { after, before, limit, backwards }: Stretch,
): Promise<AmbiguousAccount[]> {
  let query = store.db
    .selectFrom('import_row')
    .selectAll()
    .where('import_id', '=', importId)
    .where('result', 'in', AMBIGUITIES);
  if (after !== undefined) query = query.where('external_id', '>', after);
  if (before !== undefined) query = query.where('external_id', '<', before);
  const rows = await query
    .orderBy('external_id', backwards ? 'desc' : 'asc')
    .limit(limit)
    .execute();
  return rows.map(({ external_id, email, result }) => ({
    id: external_id,
    externalId: external_id,
    email,
    ambiguity: result as Ambiguity,
  }));
}
