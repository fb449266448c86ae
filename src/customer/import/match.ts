import { sql, type Selectable } from 'kysely';
import { GATEWAY } from '../../audit/log.ts';
import type { Integration, KeyKind } from '../../providers/provider.ts';
import type { ImportTable } from '../../store/schema.ts';
import type { Tx } from '../../store/store.ts';
import { insertCustomers, insertLinks } from '../insert.ts';
import { AMBIGUITIES, type Ambiguity } from './import.ts';

/** How many of some accounts came to what. */
export interface MatchCounts {
  created: number;
  linked: number;
  ambiguous: number;
  skipped: number;
}

const ROWS_AT_ONCE = 200;

interface Candidate {
  external_id: string;
  email: string | null;
  /** How many accounts of the integration carry the e-mail address; 0 where it has none. */
  carriers: number;
  /** Whether some customer is linked to the account. */
  taken: boolean;
  /** The customer with the e-mail address. */
  customer_id: string | null;
  /** Whether somebody who reaches all customers vouches for that customer's address. */
  confirmed: boolean | null;
  /** Whether that customer is linked to an account of the integration. */
  has_another: boolean;
  /** Whether that customer is being erased. */
  erasing: boolean;
}

/** The next accounts that were not looked at, with all that decides about them. */
async function candidates(
  tx: Tx,
  importId: string,
  integrationId: string,
  kind: KeyKind,
): Promise<Candidate[]> {
  const { rows } = await sql<Candidate>`
    select row.external_id, row.email, customer.id as customer_id, customer.email_confirmed as confirmed,
      (select count(*)::int from import_row other
        where other.import_id = row.import_id and other.email_key = row.email_key) as carriers,
      exists (select from link where link.integration_id = ${integrationId}
        and (link.external_id = row.external_id
          or (link.key_kind = ${kind} and link.key = row.external_id))) as taken,
      exists (select from link where link.integration_id = ${integrationId}
        and link.customer_id = customer.id) as has_another,
      exists (select from erasure where erasure.customer_id = customer.id
        and erasure.finished_at is null) as erasing
    from import_row row left join customer on customer.email_key = row.email_key
    where row.import_id = ${importId} and row.result is null
    order by row.external_id limit ${ROWS_AT_ONCE}
    for update of row
  `.execute(tx);
  return rows;
}

function ambiguityOf({ carriers, has_another, confirmed, erasing }: Candidate): Ambiguity | null {
  if (carriers > 1) return 'SEVERAL_ACCOUNTS';
  if (confirmed === false) return 'EMAIL_NOT_CONFIRMED';
  if (erasing) return 'CUSTOMER_IS_ERASED';
  return has_another ? 'CUSTOMER_HAS_ANOTHER' : null;
}

/**
 * Deals with the next accounts of an import: links them to the customer with their e-mail address, makes them customers
 * where there is none, and leaves open what would be a guess. Null: there are none left.
 */
export async function matchNext(
  tx: Tx,
  task: Selectable<ImportTable>,
  integration: Integration,
  at: Date,
): Promise<MatchCounts | null> {
  const kind = integration.manifest.externalIdKind;
  const found = await candidates(tx, task.id, integration.id, kind);
  if (found.length === 0) return null;
  const open = found.filter(({ taken, carriers }) => !taken && carriers > 0);
  const ambiguous = open.filter((one) => ambiguityOf(one) !== null);
  const sure = open.filter((one) => ambiguityOf(one) === null);
  const known = sure.filter(({ customer_id }) => customer_id !== null);
  const unknown = sure.filter(({ customer_id }) => customer_id === null);

  const by = { actor: GATEWAY };
  const owned = { name: null, managerId: task.manager_id, testCustomer: task.test_customers };
  const ids = await insertCustomers(
    tx,
    unknown.map(({ email }) => ({ ...owned, email })),
    by,
    at,
  );
  const pairs = [
    ...known.map((one) => ({ ...one, customerId: one.customer_id! })),
    ...unknown.map((one, i) => ({ ...one, customerId: ids[i]! })),
  ];
  const links = pairs.map(({ external_id, customerId }) => ({
    customerId,
    integrationId: integration.id,
    key: { kind, value: external_id },
    externalId: external_id,
  }));
  await insertLinks(tx, links, by, at);
  await settle(tx, task.id, found, ambiguous);
  const counts = { created: unknown.length, linked: known.length, ambiguous: ambiguous.length };
  return { ...counts, skipped: found.length - open.length };
}

/** Writes down what came of each account. All stay until the end, so that others with the same address are seen. */
async function settle(
  tx: Tx,
  importId: string,
  found: readonly Candidate[],
  ambiguous: readonly Candidate[],
): Promise<void> {
  const unsure = new Map(ambiguous.map((one) => [one.external_id, ambiguityOf(one)]));
  for (const result of ['DONE', ...AMBIGUITIES] as const) {
    const ids = found.map((one) => one.external_id).filter((id) => (unsure.get(id) ?? 'DONE') === result);
    await sql`
      update import_row set result = ${result} where import_id = ${importId} and external_id = any(${ids})
    `.execute(tx);
  }
}
