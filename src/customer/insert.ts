import { randomUUID } from 'node:crypto';
import { recordAll, type Actor } from '../audit/log.ts';
import type { AccountKey } from '../providers/provider.ts';
import type { Tx } from '../store/store.ts';
import { normalised } from './account-key.ts';
import { emailKey } from './email.ts';

/** A customer that is not in the directory yet. */
export interface NewCustomer {
  email: string | null;
  name: string | null;
  managerId: string | null;
  testCustomer: boolean;
  /** Without it: yes. */
  emailConfirmed?: boolean;
}

/** A customer's account, as it is known at an integration. */
export interface NewLink {
  customerId: string;
  integrationId: string;
  key: AccountKey;
  externalId: string | null;
}

/** PostgreSQL takes at most 65,535 parameters a statement. */
const ROWS_AT_ONCE = 1_000;

function* chunks<T>(rows: readonly T[]): Generator<T[]> {
  for (let i = 0; i < rows.length; i += ROWS_AT_ONCE) yield rows.slice(i, i + ROWS_AT_ONCE);
}

/** Adds customers in an open transaction, each with its audit entry. Returns their ids in order. */
export async function insertCustomers(
  tx: Tx,
  customers: readonly NewCustomer[],
  by: { actor: Actor; requestId?: string },
  at: Date,
): Promise<string[]> {
  const rows = customers.map((customer) => ({ ...customer, id: randomUUID() }));
  for (const some of chunks(rows)) {
    const values = some.map(({ id, email, emailConfirmed = true, name, managerId, testCustomer }) => ({
      id,
      email,
      email_key: email === null ? null : emailKey(email),
      email_confirmed: emailConfirmed,
      name,
      manager_id: managerId,
      test_customer: testCustomer,
    }));
    await tx.insertInto('customer').values(values).execute();
    const entries = some.map(({ id, testCustomer }) => ({
      ...by,
      action: 'customer.registered',
      customerId: id,
      details: { testCustomer },
    }));
    await recordAll(tx, entries, at);
  }
  return rows.map(({ id }) => id);
}

/** Adds links in an open transaction, each with its audit entry. */
export async function insertLinks(
  tx: Tx,
  links: readonly NewLink[],
  by: { actor: Actor; requestId?: string },
  at: Date,
): Promise<void> {
  for (const some of chunks(links)) {
    const values = some.map(({ customerId, integrationId, key, externalId }) => {
      const { kind, value } = normalised(key);
      const where = { integration_id: integrationId, key_kind: kind, key: value };
      return { ...where, external_id: externalId, customer_id: customerId };
    });
    await tx.insertInto('link').values(values).execute();
    const entries = some.map(({ customerId, integrationId, key }) => ({
      ...by,
      action: 'account.linked',
      customerId,
      integrationId,
      details: { keyKind: key.kind },
    }));
    await recordAll(tx, entries, at);
  }
}
