import type { Selectable } from 'kysely';
import { reachOf, type Principal } from '../../access/viewer.ts';
import type { Stretch } from '../../customer/directory.ts';
import { withinReach } from '../../customer/reach.ts';
import type { ReappearanceTable } from '../../store/afterwards-tables.ts';
import type { Store } from '../../store/store.ts';
import type { FingerprintKind } from '../fingerprint.ts';

/** What came of a re-appearance. */
export type ReappearanceResolution = 'ERASED_AGAIN' | 'DISMISSED';

/** An account of somebody who was erased, and which a provider holds again. */
export interface Reappearance {
  id: string;
  integrationId: string;
  /** Null once resolved. Until then it is personal data, which the provider holds too. */
  externalId: string | null;
  matchedBy: FingerprintKind;
  /** The customer who was erased; nothing personal is known of them. */
  customerId: string;
  erasureId: string;
  firstSeenAt: Date;
  /** The customer that the account was registered as, so that it is erased again. */
  registeredAs: string | null;
  resolvedAt: Date | null;
  resolution: ReappearanceResolution | null;
  newErasureId: string | null;
}

const reappearanceOf = (row: Selectable<ReappearanceTable>): Reappearance => ({
  id: row.id,
  integrationId: row.integration_id,
  externalId: row.external_id,
  matchedBy: row.matched_by as FingerprintKind,
  customerId: row.customer_id,
  erasureId: row.erasure_id,
  firstSeenAt: row.first_seen_at,
  registeredAs: row.registered_as,
  resolvedAt: row.resolved_at,
  resolution: row.resolution as ReappearanceResolution | null,
  newErasureId: row.new_erasure_id,
});

const within = (store: Store, viewer: Principal) =>
  store.db
    .selectFrom('reappearance')
    .selectAll('reappearance')
    .innerJoin('customer', 'customer.id', 'reappearance.customer_id')
    .where(withinReach(reachOf(viewer)));

/** Null when there is none, and when it is of a customer that is not the viewer's. */
export async function reappearanceById(
  store: Store,
  viewer: Principal,
  id: string,
): Promise<Reappearance | null> {
  const row = await within(store, viewer).where('reappearance.id', '=', id).executeTakeFirst();
  return row ? reappearanceOf(row) : null;
}

/** In the order of their ids. */
export async function listReappearances(
  store: Store,
  viewer: Principal,
  { resolved }: { resolved: boolean | undefined },
  stretch: Stretch,
): Promise<Reappearance[]> {
  let query = within(store, viewer);
  if (resolved !== undefined) query = query.where('resolved_at', resolved ? 'is not' : 'is', null);
  if (stretch.after) query = query.where('reappearance.id', '>', stretch.after);
  if (stretch.before) query = query.where('reappearance.id', '<', stretch.before);
  const rows = await query
    .orderBy('reappearance.id', stretch.backwards ? 'desc' : 'asc')
    .limit(stretch.limit)
    .execute();
  return rows.map(reappearanceOf);
}
