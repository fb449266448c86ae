import { sql } from 'kysely';
import { canonical } from '../canonical.ts';
import { commitmentsOf, leafText, type Commitments, type LeafContent } from '../leaf.ts';

/** An entry with everything that is stored of it. */
export interface StoredEntry extends LeafContent {
  id: number;
  leaf: string;
  salt: Uint8Array | null;
  actorSalt: Uint8Array;
}

/** The columns of an entry. The time in microseconds, for the driver's dates would hide a smaller change. */
export const ENTRY_COLUMNS = [
  'audit_entry.id',
  sql<string>`to_char(audit_entry.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`.as('at'),
  'audit_entry.actor',
  'audit_entry.role',
  'audit_entry.action',
  'audit_entry.customer_id as customerId',
  'audit_entry.erasure_id as erasureId',
  'audit_entry.sequence',
  'audit_entry.integration_id as integrationId',
  'audit_entry.reason',
  'audit_entry.request_id as requestId',
  'audit_entry.details',
  'audit_entry.leaf',
  'audit_entry.salt',
  'audit_entry.actor_salt as actorSalt',
] as const;

type Members = Readonly<Record<string, unknown>>;

/** Members of the leaf whose columns are called otherwise. */
const COLUMNS: Readonly<Record<string, string>> = {
  actor: 'actor or its salt',
  customer: 'customer_id or its salt',
  reason: 'reason or its salt',
  erasureId: 'erasure_id',
  integrationId: 'integration_id',
  requestId: 'request_id',
};

function membersOf(leaf: string): Members {
  try {
    return { ...(JSON.parse(leaf) as Members) };
  } catch {
    return {};
  }
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** What an entry's columns commit to; of a forgotten customer nobody can tell, so what the leaf says is taken. */
function commitments(entry: StoredEntry, members: Members): Commitments {
  if (entry.salt) return commitmentsOf(entry, entry.salt);
  return { customer: textOrNull(members['customer']), reason: textOrNull(members['reason']) };
}

/** The columns of an entry that are not what its leaf says. */
export function changedColumns(entry: StoredEntry): string[] {
  const members = membersOf(entry.leaf);
  const at = entry.at.replace(/000Z$/, 'Z');
  const expected = leafText({ ...entry, at }, entry.actorSalt, commitments(entry, members));
  const isRevived = entry.salt === null && (entry.customerId ?? entry.reason) !== null;
  const revived = isRevived ? ['customer_id or reason of a forgotten customer'] : [];
  if (expected === entry.leaf) return revived;
  const changed = Object.entries(membersOf(expected)).filter(
    ([name, value]) => members[name] === undefined || canonical(members[name]) !== canonical(value),
  );
  const names = changed.map(([name]) => COLUMNS[name] ?? name);
  return [...revived, ...(names.length > 0 ? names : ['leaf'])];
}
