import { sql, type Expression, type SqlBool } from 'kysely';
import type { Store, Tx } from '../store/store.ts';

/** An entry as it was written. */
export interface WrittenEntry {
  /** Given when it is written; its place in the tree follows when its transaction has committed. */
  id: number;
  at: Date;
  actor: string;
  role: string;
  action: string;
  customerId: string | null;
  erasureId: string | null;
  sequence: number | null;
  integrationId: string | null;
  reason: string | null;
  requestId: string | null;
  details: Record<string, unknown>;
}

export interface AuditFilter {
  customerId?: string | undefined;
  erasureId?: string | undefined;
}

export interface AuditStretch {
  after?: number | undefined;
  before?: number | undefined;
  limit: number;
  backwards: boolean;
}

/** Of an entry of an erasure, the customer stays known by the erasure, also after the customer was forgotten. */
const CUSTOMER = sql<string | null>`coalesce(audit_entry.customer_id, erasure.customer_id)`;

/** Entries as they are read, to be narrowed down. */
export const selectEntries = (db: Store['db'] | Tx) =>
  db
    .selectFrom('audit_entry')
    .leftJoin('erasure', 'erasure.id', 'audit_entry.erasure_id')
    .select([
      'audit_entry.id',
      'audit_entry.at',
      'audit_entry.actor',
      'audit_entry.role',
      'audit_entry.action',
      CUSTOMER.as('customerId'),
      'audit_entry.erasure_id as erasureId',
      'audit_entry.sequence',
      'audit_entry.integration_id as integrationId',
      'audit_entry.reason',
      'audit_entry.request_id as requestId',
      'audit_entry.details',
    ]);

/** The conditions on whose entries these are name the customer's columns. */
const selectWithCustomers = (db: Store['db'] | Tx) =>
  selectEntries(db).leftJoin('customer', (join) => join.on('customer.id', '=', CUSTOMER));

const concerns = (customerId: string) => sql<SqlBool>`(
  audit_entry.customer_id = ${customerId}
  or audit_entry.erasure_id in (select id from erasure where customer_id = ${customerId})
)`;

/** Entries in the order of the log, as far as `visible` lets the reader see them. */
export async function readLog(
  store: Store,
  visible: Expression<SqlBool>,
  filter: AuditFilter,
  { after, before, limit, backwards }: AuditStretch,
): Promise<WrittenEntry[]> {
  const { customerId, erasureId } = filter;
  let query = selectWithCustomers(store.db).where(visible);
  if (customerId !== undefined) query = query.where(concerns(customerId));
  if (erasureId !== undefined) query = query.where('audit_entry.erasure_id', '=', erasureId);
  if (after !== undefined) query = query.where('audit_entry.id', '>', after);
  if (before !== undefined) query = query.where('audit_entry.id', '<', before);
  return query
    .orderBy('audit_entry.id', backwards ? 'desc' : 'asc')
    .limit(limit)
    .execute();
}

/** The entries of one erasure that follow a sequence number. */
export async function entriesAfter(
  store: Store,
  erasureId: string,
  sequence: number,
): Promise<WrittenEntry[]> {
  return selectEntries(store.db)
    .where('audit_entry.erasure_id', '=', erasureId)
    .where('audit_entry.sequence', '>', sequence)
    .orderBy('audit_entry.sequence')
    .execute();
}

/** The place of an entry in the tree and what is hashed there; null when it has none, or the reader may not see it. */
export async function placeOf(
  store: Store,
  visible: Expression<SqlBool>,
  entryId: number,
): Promise<{ index: number; leaf: string } | null> {
  const row = await selectWithCustomers(store.db)
    .innerJoin('audit_leaf', 'audit_leaf.entry_id', 'audit_entry.id')
    .select(['audit_leaf.index', 'audit_entry.leaf'])
    .where(visible)
    .where('audit_entry.id', '=', entryId)
    .executeTakeFirst();
  return row ? { index: row.index, leaf: row.leaf } : null;
}
