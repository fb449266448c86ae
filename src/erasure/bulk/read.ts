import { reachOf, type Principal } from '../../access/viewer.ts';
import type { Stretch } from '../../customer/directory.ts';
import type { Store } from '../../store/store.ts';
import { bulkOf, itemOf, type Bulk, type BulkItem } from './bulk.ts';
import type { ItemResult } from './words.ts';

/** Whoever reaches everyone sees every bulk; others see those that they asked for, for the manager that they act for. */
function visibleTo({ db }: Store, viewer: Principal) {
  const query = db.selectFrom('bulk_erasure').selectAll();
  const reach = reachOf(viewer);
  if (reach.everyone) return query;
  return query.where('requested_by', '=', viewer.subject).where('requester_manager', '=', reach.manager);
}

/** One answer per id. Foreign and unknown look the same. */
export async function bulksByIds(
  store: Store,
  viewer: Principal,
  ids: readonly string[],
): Promise<(Bulk | null)[]> {
  const rows = await visibleTo(store, viewer)
    .where('id', 'in', [...ids])
    .execute();
  const byId = new Map(rows.map((row) => [row.id, bulkOf(row)]));
  return ids.map((id) => byId.get(id) ?? null);
}

export async function bulkById(store: Store, viewer: Principal, id: string): Promise<Bulk | null> {
  return (await bulksByIds(store, viewer, [id]))[0]!;
}

/** In the order of their ids. */
export async function listBulks(store: Store, viewer: Principal, stretch: Stretch): Promise<Bulk[]> {
  let query = visibleTo(store, viewer);
  if (stretch.after) query = query.where('id', '>', stretch.after);
  if (stretch.before) query = query.where('id', '<', stretch.before);
  const rows = await query
    .orderBy('id', stretch.backwards ? 'desc' : 'asc')
    .limit(stretch.limit)
    .execute();
  return rows.map(bulkOf);
}

/** The customers of a bulk whose turn has not come. */
export async function pendingOf({ db }: Store, bulkId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('bulk_item')
    .select('customer_id')
    .where('bulk_id', '=', bulkId)
    .where('result', 'is', null)
    .execute();
  return rows.map((row) => row.customer_id);
}

/** The items of a bulk that the viewer may know of, in the order of their customers' ids. */
export async function listItems(
  store: Store,
  bulkId: string,
  result: ItemResult | undefined,
  stretch: Stretch,
): Promise<BulkItem[]> {
  let query = store.db.selectFrom('bulk_item').selectAll().where('bulk_id', '=', bulkId);
  if (result) query = query.where('result', '=', result);
  if (stretch.after) query = query.where('customer_id', '>', stretch.after);
  if (stretch.before) query = query.where('customer_id', '<', stretch.before);
  const rows = await query
    .orderBy('customer_id', stretch.backwards ? 'desc' : 'asc')
    .limit(stretch.limit)
    .execute();
  return rows.map(itemOf);
}
