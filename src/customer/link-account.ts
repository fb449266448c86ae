import { reachOf } from '../access/viewer.ts';
import { record } from '../audit/log.ts';
import { ProviderError, type Account, type AccountKey, type Integration } from '../providers/provider.ts';
import { isUniqueViolation } from '../store/unique-violation.ts';
import type { Tx } from '../store/store.ts';
import { checkedKey } from './account-key.ts';
import type { Caller, CustomerContext } from './context.ts';
import { CustomerNotFoundError } from './customer.ts';
import { insertLinks } from './insert.ts';
import { lockCustomer } from './lock.ts';
import { isOfOthers, ownersOf } from './owners.ts';
import {
  AccountLinkedError,
  AccountNotFoundError,
  IntegrationFailedError,
  InvalidInputError,
} from './errors.ts';

/** Which customer, and which account where. */
export interface LinkRequest {
  customerId: string;
  integrationId: string;
  key: AccountKey;
}

/** What an account is behind a key that the integration can be asked by. */
interface Confirmed {
  key: AccountKey;
  account: Account | null;
}

async function integrationOf(
  { directory, integrations }: CustomerContext,
  { viewer }: Caller,
  { customerId, integrationId }: LinkRequest,
): Promise<Integration> {
  if (!(await directory.byId(viewer, customerId))) throw new CustomerNotFoundError();
  const integration = integrations.get(integrationId);
  const issues = [];
  if (!integration) issues.push({ path: 'integrationId', message: 'There is no such integration.' });
  if (!reachOf(viewer).everyone)
    issues.push({ path: 'customerId', message: 'Only who reaches all customers may link accounts.' });
  if (!integration || issues.length > 0) throw new InvalidInputError(issues);
  return integration;
}

/** The account behind a key; null where the provider cannot be asked, or several answer to an alias. */
async function accountBehind(
  integration: Integration,
  key: AccountKey,
  signal: AbortSignal,
): Promise<Account | null> {
  if (!integration.manifest.keys.some(({ kind }) => kind === key.kind)) return null;
  const [found] = await integration.find([key], signal).catch((error: unknown) => {
    if (error instanceof ProviderError) throw new IntegrationFailedError(error);
    throw error;
  });
  if (found instanceof ProviderError) throw new IntegrationFailedError(found);
  const [account, another] = found ?? [];
  if (!account) throw new AccountNotFoundError();
  if (!another) return account;
  if (key.kind === 'EMAIL') {
    const message = 'Several accounts have this e-mail address: link the one that is meant by its own id.';
    throw new InvalidInputError([{ path: 'key', message }]);
  }
  return null;
}

async function refuseIfOfOthers(
  tx: Tx,
  integration: Integration,
  { customerId }: LinkRequest,
  { key, account }: Confirmed,
): Promise<void> {
  const externalId = account?.externalId ?? key.value;
  const seen = account ?? { externalId, identity: null, email: null, facts: null };
  const [owners] = await ownersOf(tx, [{ integration, account: seen }]);
  if (isOfOthers(owners!, customerId)) throw new AccountLinkedError();
}

/** Whether the account is linked, by this key or by another. @throws {AccountLinkedError} when it is to somebody else. */
async function isLinked(
  tx: Tx,
  { customerId, integrationId }: LinkRequest,
  { key: { kind, value }, account }: Confirmed,
): Promise<boolean> {
  const links = await tx
    .selectFrom('link')
    .select('customer_id')
    .where('integration_id', '=', integrationId)
    .where((eb) =>
      eb.or([
        eb.and([eb('key_kind', '=', kind), eb('key', '=', value)]),
        eb('external_id', '=', account?.externalId ?? null),
      ]),
    )
    .execute();
  if (links.some((link) => link.customer_id !== customerId)) throw new AccountLinkedError();
  return links.length > 0;
}

/**
 * Links a customer to an account that the integration holds and that is nobody else's. Linking the same again changes
 * nothing. Whoever calls has checked that the viewer may.
 *
 * @throws {InvalidInputError | AccountNotFoundError | AccountLinkedError | IntegrationFailedError}
 */
export async function linkFound(
  context: CustomerContext,
  by: Caller,
  integration: Integration,
  request: LinkRequest,
): Promise<void> {
  const key = checkedKey(integration, request.key);
  const account = await accountBehind(integration, key, by.signal);
  const who = { actor: by.viewer, requestId: by.requestId };
  await context.store
    .transaction(async (tx) => {
      await lockCustomer(tx, request.customerId);
      await refuseIfOfOthers(tx, integration, request, { key, account });
      if (await isLinked(tx, request, { key, account })) return;
      const link = { ...request, key, externalId: account?.externalId ?? null };
      await insertLinks(tx, [link], who, context.clock.now());
    })
    .catch((error: unknown) => {
      throw isUniqueViolation(error) ? new AccountLinkedError() : error;
    });
}

/**
 * Links a customer to an account, as {@link linkFound} does. Only for viewers who reach everyone: whoever links an
 * account can read and delete it.
 *
 * @throws {CustomerNotFoundError} and what {@link linkFound} throws
 */
export async function linkAccount(context: CustomerContext, by: Caller, request: LinkRequest): Promise<void> {
  await linkFound(context, by, await integrationOf(context, by, request), request);
}

/**
 * Forgets a link; the account stays as it is. Forgetting one that is not there changes nothing.
 *
 * @throws {CustomerNotFoundError | InvalidInputError}
 */
export async function unlinkAccount(
  context: CustomerContext,
  by: Caller,
  request: LinkRequest,
): Promise<void> {
  const integration = await integrationOf(context, by, request);
  const key = checkedKey(integration, request.key);
  await context.store.transaction(async (tx) => {
    await lockCustomer(tx, request.customerId);
    const { numDeletedRows } = await tx
      .deleteFrom('link')
      .where('customer_id', '=', request.customerId)
      .where('integration_id', '=', request.integrationId)
      .where('key_kind', '=', key.kind)
      .where('key', '=', key.value)
      .executeTakeFirst();
    if (numDeletedRows === 0n) return;
    const { customerId, integrationId } = request;
    const who = { actor: by.viewer, requestId: by.requestId, customerId, integrationId };
    const entry = { ...who, action: 'account.unlinked', details: { keyKind: key.kind } };
    await record(tx, entry, context.clock.now());
  });
}
