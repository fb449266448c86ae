import { sql } from 'kysely';
import { reachOf, type Principal } from '../access/viewer.ts';
import type { Store } from '../store/store.ts';
import { isPlain } from './account-key.ts';
import { withinReach } from './reach.ts';

/** The reseller or team that customers are managed by. Managers form a tree. */
export interface Manager {
  id: string;
  parentId: string | null;
  name: string;
}

/** The managers that the viewer may know of, one answer per id. */
export async function managersByIds(
  store: Store,
  viewer: Pick<Principal, 'role' | 'manager'>,
  ids: readonly string[],
): Promise<(Manager | null)[]> {
  const rows = await store.db
    .selectFrom('manager')
    .select(['id', 'parent_id', 'name'])
    .where('id', 'in', [...ids.filter(isPlain), null]) // an empty list would be no SQL
    .where(withinReach(reachOf(viewer), 'manager.id'))
    .execute();
  const byId = new Map(rows.map((row) => [row.id, { id: row.id, parentId: row.parent_id, name: row.name }]));
  return ids.map((id) => byId.get(id) ?? null);
}

/**
 * Adds a manager, or renames it. Where it stands in the tree is fixed at its creation. The database refuses rings, and
 * trees of more than 50 levels, whoever writes to it.
 */
export async function registerManager(store: Store, { id, parentId, name }: Manager): Promise<void> {
  await store.db
    .insertInto('manager')
    .values({ id, parent_id: parentId, name })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ name: sql`excluded.name` }))
    .execute();
}
