import type { Expression, SqlBool } from 'kysely';
import type { Store } from '../store/store.ts';

/** An entry as it was written. */
export interface WrittenEntry {
  /** Position in the log. */
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

interface Row {
  id: number;
  at: Date;
  actor: string;
  role: string;
  action: string;
  customer_id: string | null;
  erasure_id: string | null;
  sequence: number | null;
  integration_id: string | null;
  reason: string | null;
  request_id: string | null;
  details: Record<string, unknown>;
}

const entryOf = (row: Row): WrittenEntry => ({
  id: row.id,
  at: row.at,
  actor: row.actor,
  role: row.role,
  action: row.action,
  customerId: row.customer_id,
  erasureId: row.erasure_id,
  sequence: row.sequence,
  integrationId: row.integration_id,
  reason: row.reason,
  requestId: row.request_id,
  details: row.details,
});

/** Entries in the order of the log, as far as `visible` lets the reader see them. */
export async function readLog(
  store: Store,
  visible: Expression<SqlBool>,
  filter: AuditFilter,
  { after, before, limit, backwards }: AuditStretch,
): Promise<WrittenEntry[]> {
  let query = store.db
    .selectFrom('audit_entry')
    .selectAll('audit_entry')
    .leftJoin('customer', 'customer.id', 'audit_entry.customer_id')
    .where(visible);
  if (filter.customerId !== undefined) query = query.where('audit_entry.customer_id', '=', filter.customerId);
  if (filter.erasureId !== undefined) query = query.where('audit_entry.erasure_id', '=', filter.erasureId);
  if (after !== undefined) query = query.where('audit_entry.id', '>', after);
  if (before !== undefined) query = query.where('audit_entry.id', '<', before);
  const rows = await query
    .orderBy('audit_entry.id', backwards ? 'desc' : 'asc')
    .limit(limit)
    .execute();
  return rows.map(entryOf);
}

/** The entries of one erasure that follow a sequence number. */
export async function entriesAfter(
  store: Store,
  erasureId: string,
  sequence: number,
): Promise<WrittenEntry[]> {
  const rows = await store.db
    .selectFrom('audit_entry')
    .selectAll()
    .where('erasure_id', '=', erasureId)
    .where('sequence', '>', sequence)
    .orderBy('sequence')
    .execute();
  return rows.map(entryOf);
}
