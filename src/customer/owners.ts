import type { Account, Integration } from '../providers/provider.ts';
import type { Store } from '../store/store.ts';
import { emailKey } from './email.ts';

/** An account, and where it is. */
export interface Holding {
  integration: Pick<Integration, 'id' | 'manifest'>;
  account: Account;
}

/**
 * Whose accounts some accounts are: the customers that are linked to each or, where nobody is, the one with its e-mail
 * address. One answer per account, in order.
 */
export async function ownersOf(
  db: Pick<Store['db'], 'selectFrom'>,
  holdings: readonly Holding[],
): Promise<Set<string>[]> {
  if (holdings.length === 0) return [];
  const ids = holdings.map(({ account }) => account.externalId);
  const links = await db
    .selectFrom('link')
    .select(['customer_id', 'integration_id', 'key_kind', 'key', 'external_id'])
    .where('integration_id', 'in', [...new Set(holdings.map(({ integration }) => integration.id))])
    .where((eb) => eb.or([eb('external_id', 'in', ids), eb('key', 'in', ids)]))
    .execute();
  const named = await byAddress(db, holdings);
  const holders = new Map<string, string[]>();
  const hold = (place: string, customerId: string): void => {
    const some = holders.get(place);
    if (some) some.push(customerId);
    else holders.set(place, [customerId]);
  };
  for (const { customer_id, integration_id, key_kind, key, external_id } of links) {
    if (external_id !== null) hold(`${integration_id} id ${external_id}`, customer_id);
    hold(`${integration_id} key ${key_kind} ${key}`, customer_id);
  }
  return holdings.map(({ integration: { id, manifest }, account: { externalId, email } }) => {
    const linked = [
      ...(holders.get(`${id} id ${externalId}`) ?? []),
      ...(holders.get(`${id} key ${manifest.externalIdKind} ${externalId}`) ?? []),
    ];
    if (linked.length > 0) return new Set(linked);
    const owner = email === null ? undefined : named.get(emailKey(email));
    return new Set(owner === undefined ? [] : [owner]);
  });
}

/** The customers with the accounts' e-mail addresses. One that only a reseller vouches for makes nobody an owner. */
async function byAddress(
  db: Pick<Store['db'], 'selectFrom'>,
  holdings: readonly Holding[],
): Promise<Map<string, string>> {
  const keys = holdings.flatMap(({ account }) => (account.email === null ? [] : [emailKey(account.email)]));
  if (keys.length === 0) return new Map();
  const rows = await db
    .selectFrom('customer')
    .select(['id', 'email_key'])
    .where('email_key', 'in', keys)
    .where('email_confirmed', '=', true)
    .execute();
  return new Map(rows.map(({ id, email_key }) => [email_key!, id]));
}

/** Whether an account is known to be somebody else's and not the customer's. */
export const isOfOthers = (owners: ReadonlySet<string>, customerId: string): boolean =>
  owners.size > 0 && !(owners.size === 1 && owners.has(customerId));
