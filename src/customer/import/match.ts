import { sql, type Selectable } from 'kysely';
import { GATEWAY } from '../../audit/log.ts';
import type { Integration, KeyKind } from '../../providers/provider.ts';
import type { ImportTable } from '../../store/customer-tables.ts';
import type { Tx } from '../../store/store.ts';
import { insertCustomers, insertLinks, type NewLink } from '../insert.ts';
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

type Task = Selectable<ImportTable>;

const by = { actor: GATEWAY };

const linkOf = ({ id, manifest }: Integration, externalId: string, customerId: string): NewLink => ({
  customerId,
  integrationId: id,
  key: { kind: manifest.externalIdKind, value: externalId },
  externalId,
});

/** Makes customers of accounts that nobody knows. Returns their links, which are not stored yet. */
async function makeCustomers(
  tx: Tx,
  { manager_id: managerId, test_customers: testCustomer }: Task,
  integration: Integration,
  unknown: readonly Candidate[],
  at: Date,
): Promise<NewLink[]> {
  const customers = unknown.map(({ email }) => ({ email, name: null, managerId, testCustomer }));
  const ids = await insertCustomers(tx, customers, by, at);
  return unknown.map(({ external_id }, i) => linkOf(integration, external_id, ids[i]!));
}

/**
 * Deals with the next accounts of an import: links them to the customer with their e-mail address, makes them customers
 * where there is none, and leaves open what would be a guess. Null: there are none left.
 */
export async function matchNext(
  tx: Tx,
  task: Task,
  integration: Integration,
  at: Date,
): Promise<MatchCounts | null> {
  const found = await candidates(tx, task.id, integration.id, integration.manifest.externalIdKind);
  if (found.length === 0) return null;
  const open = found.filter(({ taken, carriers }) => !taken && carriers > 0);
  const sure = open.filter((one) => ambiguityOf(one) === null);
  const unknown = sure.filter(({ customer_id }) => customer_id === null);
  const known = sure.filter(({ customer_id }) => customer_id !== null);
  const links = known.map((one) => linkOf(integration, one.external_id, one.customer_id!));
  await insertLinks(tx, [...links, ...(await makeCustomers(tx, task, integration, unknown, at))], by, at);
  await settle(tx, task.id, found, new Set(open));
  return {
    created: unknown.length,
    linked: known.length,
    ambiguous: open.length - sure.length,
    skipped: found.length - open.length,
  };
}

/** Writes down what came of each account. All stay until the end, so that others with the same address are seen. */
async function settle(
  tx: Tx,
  importId: string,
  found: readonly Candidate[],
  open: ReadonlySet<Candidate>,
): Promise<void> {
  const resultOf = (one: Candidate): string => (open.has(one) && ambiguityOf(one)) || 'DONE';
  for (const result of ['DONE', ...AMBIGUITIES]) {
    const ids = found.filter((one) => resultOf(one) === result).map((one) => one.external_id);
    await sql`
      update import_row set result = ${result} where import_id = ${importId} and external_id = any(${ids})
    `.execute(tx);
  }
}
