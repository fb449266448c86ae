import { emailKey } from '../customer/email.ts';
import type { Account, AccountKey } from '../providers/provider.ts';
import type { Tx } from '../store/store.ts';

/** Which account, where. */
export interface AccountId {
  integrationId: string;
  externalId: string;
}

/** What the gateway knows a customer by. */
export interface Traces {
  /** E-mail addresses that are surely theirs, normalised. One that only a reseller vouches for may be anybody's. */
  emails: string[];
  /** Accounts that are surely theirs: linked, or deleted as theirs. */
  accounts: AccountId[];
  /** Every text that names them, sure or not. */
  words: string[];
}

const isAccountId = (kind: string): boolean => kind !== 'EMAIL' && kind !== 'ALIAS';

const unique = <T>(items: readonly T[]): T[] => [
  ...new Map(items.map((item) => [JSON.stringify(item), item])).values(),
];

const isText = (value: string | null): value is string => value !== null;

async function ofDirectory(tx: Tx, customerId: string): Promise<Traces> {
  const { email, email_confirmed, name } = await tx
    .selectFrom('customer')
    .select(['email', 'email_confirmed', 'name'])
    .where('id', '=', customerId)
    .executeTakeFirstOrThrow();
  const nameParts = name === null ? [] : [name, ...name.split(/\s+/)];
  return {
    emails: email !== null && email_confirmed ? [emailKey(email)] : [],
    accounts: [],
    words: [...(email === null ? [] : [email]), ...nameParts],
  };
}

async function ofLinks(tx: Tx, customerId: string): Promise<Traces> {
  const links = await tx
    .selectFrom('link')
    .select(['integration_id', 'key_kind', 'key', 'external_id'])
    .where('customer_id', '=', customerId)
    .execute();
  const accounts = links.flatMap(({ integration_id: integrationId, key_kind, key, external_id }) =>
    [external_id, isAccountId(key_kind) ? key : null]
      .filter(isText)
      .map((externalId) => ({ integrationId, externalId })),
  );
  return {
    emails: links.filter(({ key_kind }) => key_kind === 'EMAIL').map(({ key }) => emailKey(key)),
    accounts,
    words: links.flatMap(({ key, external_id }) => [key, external_id].filter(isText)),
  };
}

/** A task that did not succeed may have been about an account that turned out to be another customer's. */
async function ofTasks(tx: Tx, customerId: string): Promise<Traces> {
  const tasks = await tx
    .selectFrom('task')
    .innerJoin('erasure', 'erasure.id', 'task.erasure_id')
    .select(['task.integration_id', 'task.key', 'task.account', 'task.state'])
    .where('erasure.customer_id', '=', customerId)
    .execute();
  const traces: Traces = { emails: [], accounts: [], words: [] };
  for (const task of tasks) {
    const key = task.key as AccountKey | null;
    const account = task.account as Account | null;
    traces.words.push(...[key?.value, account?.externalId, account?.email].filter((word) => word != null));
    if (!account || task.state !== 'SUCCEEDED') continue;
    traces.accounts.push({ integrationId: task.integration_id, externalId: account.externalId });
    if (account.email !== null) traces.emails.push(emailKey(account.email));
  }
  return traces;
}

/** Everything in the directory, the links and the erasures that tells who a customer is. */
export async function tracesOf(tx: Tx, customerId: string): Promise<Traces> {
  const all = [
    await ofDirectory(tx, customerId),
    await ofLinks(tx, customerId),
    await ofTasks(tx, customerId),
  ];
  return {
    emails: unique(all.flatMap(({ emails }) => emails)),
    accounts: unique(all.flatMap(({ accounts }) => accounts)),
    words: unique(all.flatMap(({ words }) => words)),
  };
}
