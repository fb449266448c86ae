import type { AccountKey, KeyKind } from '../providers/provider.ts';
import type { Store } from '../store/store.ts';

/** The stored fact that a customer is a certain account at an integration. */
export interface Link {
  customerId: string;
  integrationId: string;
  key: AccountKey;
  /** The account's external id when the link was made; null where it was not asked for. */
  externalId: string | null;
  createdAt: Date;
}

/** The links of customers: one list per customer, in order. */
export async function linksOf({ db }: Pick<Store, 'db'>, customerIds: readonly string[]): Promise<Link[][]> {
  const rows = await db
    .selectFrom('link')
    .selectAll()
    .where('customer_id', 'in', [...customerIds])
    .orderBy('created_at')
    .orderBy('key')
    .execute();
  const links = new Map<string, Link[]>(customerIds.map((id) => [id, []]));
  for (const row of rows) {
    const key = { kind: row.key_kind as KeyKind, value: row.key };
    const { customer_id: customerId, integration_id: integrationId, created_at: createdAt } = row;
    links.get(customerId)!.push({ customerId, integrationId, key, externalId: row.external_id, createdAt });
  }
  return customerIds.map((id) => links.get(id)!);
}
