import { randomUUID } from 'node:crypto';
import { GATEWAY, record } from '../audit/log.ts';
import type { AccountKey } from '../providers/provider.ts';
import type { Store } from '../store/store.ts';
import { emailKey } from './email.ts';

/** A customer to be known from now on. */
export interface NewCustomer {
  email: string | null;
  name: string | null;
  managerId: string | null;
  testCustomer: boolean;
  links: readonly { integrationId: string; key: AccountKey }[];
}

/** Adds customers with their links, all or none. Returns their ids in order. */
export async function registerCustomers(store: Store, customers: readonly NewCustomer[]): Promise<string[]> {
  const rows = customers.map((customer) => ({ ...customer, id: randomUUID() }));
  await store.transaction(async (tx) => {
    for (const { id, email, name, managerId, testCustomer, links } of rows) {
      const key = email === null ? null : emailKey(email);
      await tx
        .insertInto('customer')
        .values({ id, email, email_key: key, name, manager_id: managerId, test_customer: testCustomer })
        .execute();
      const values = links.map(({ integrationId, key: { kind, value } }) => ({
        integration_id: integrationId,
        key_kind: kind,
        key: value,
        customer_id: id,
      }));
      if (values.length > 0) await tx.insertInto('link').values(values).execute();
      await record(tx, { actor: GATEWAY, action: 'customer.registered', customerId: id }, new Date());
    }
  });
  return rows.map((row) => row.id);
}
