import type { Account, AccountKey } from '../providers/provider.ts';
import type { Store } from '../store/store.ts';

/** What a customer is known by. */
export interface Identity {
  name: string | null;
  /** Their e-mail addresses, and the keys and external ids of their accounts. */
  keys: readonly string[];
}

/** What an account is known by, where it was looked for or found. */
export const keysOf = ({
  key,
  account,
}: {
  key: AccountKey | null;
  account: Account | null;
}): readonly string[] =>
  [key?.value, account?.externalId, account?.email].filter((value) => typeof value === 'string');

/** All that the gateway knows a customer by, now and from earlier erasures. */
export async function identityOf(db: Pick<Store['db'], 'selectFrom'>, customerId: string): Promise<Identity> {
  const customer = await db
    .selectFrom('customer')
    .select(['name', 'email'])
    .where('id', '=', customerId)
    .executeTakeFirst();
  const links = await db
    .selectFrom('link')
    .select(['key', 'external_id'])
    .where('customer_id', '=', customerId)
    .execute();
  const tasks = await db
    .selectFrom('task')
    .innerJoin('erasure', 'erasure.id', 'task.erasure_id')
    .select(['task.key', 'task.account'])
    .where('erasure.customer_id', '=', customerId)
    .execute();
  const keys = [
    customer?.email,
    ...links.flatMap((link) => [link.key, link.external_id]),
    ...tasks.flatMap((task) => keysOf(task as Parameters<typeof keysOf>[0])),
  ];
  return { name: customer?.name ?? null, keys: keys.filter((key) => typeof key === 'string') };
}
