import { record } from '../audit/log.ts';
import type { AccountKey, Integration, KeyKind } from '../providers/provider.ts';
import { ProviderError } from '../providers/provider.ts';
import { isUniqueViolation } from '../store/unique-violation.ts';
import type { Store, Tx } from '../store/store.ts';
import { checkedKey } from './account-key.ts';
import type { Caller, CustomerContext } from './context.ts';
import { CustomerNotFoundError, type Customer } from './customer.ts';
import { insertLinks } from './insert.ts';
import {
  AccountLinkedError,
  AccountNotFoundError,
  IntegrationFailedError,
  InvalidInputError,
} from './errors.ts';

/** The stored fact that a customer is a certain account at an integration. */
export interface Link {
  customerId: string;
  integrationId: string;
  key: AccountKey;
  createdAt: Date;
}

/** Which customer, and which account where. */
export interface LinkRequest {
  customerId: string;
  integrationId: string;
  key: AccountKey;
}

/** The links of customers: one list per customer, in order. */
export async function linksOf(store: Store, customerIds: readonly string[]): Promise<Link[][]> {
  const rows = await store.db
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
    links.get(customerId)!.push({ customerId, integrationId, key, createdAt });
  }
  return customerIds.map((id) => links.get(id)!);
}

async function parties(
  { directory, integrations }: CustomerContext,
  { viewer }: Caller,
  { customerId, integrationId }: LinkRequest,
): Promise<{ customer: Customer; integration: Integration }> {
  const customer = await directory.byId(viewer, customerId);
  if (!customer) throw new CustomerNotFoundError();
  const integration = integrations.get(integrationId);
  const issues = [];
  if (!integration) issues.push({ path: 'integrationId', message: 'There is no such integration.' });
  if (customer.erasedAt) issues.push({ path: 'customerId', message: 'The customer was erased.' });
  if (!integration || issues.length > 0) throw new InvalidInputError(issues);
  return { customer, integration };
}

/** The external id of the account behind a key; null where the provider cannot be asked. */
async function externalIdOf(
  integration: Integration,
  key: AccountKey,
  signal: AbortSignal,
): Promise<string | null> {
  if (!integration.manifest.keys.some(({ kind }) => kind === key.kind)) return null;
  const [found] = await integration.find([key], signal).catch((error: unknown) => {
    if (error instanceof ProviderError) throw new IntegrationFailedError(error);
    throw error;
  });
  if (found instanceof ProviderError) throw new IntegrationFailedError(found);
  const [account, another] = found ?? [];
  if (!account) throw new AccountNotFoundError();
  if (!another) return account.externalId;
  if (key.kind === 'EMAIL') {
    const message = 'Several accounts have this e-mail address: link the one that is meant by its own id.';
    throw new InvalidInputError([{ path: 'key.value', message }]);
  }
  return null;
}

/** Whether the customer has the link. @throws {AccountLinkedError} when another customer has it. */
async function isLinked(
  tx: Tx,
  { customerId, integrationId, key }: LinkRequest,
  externalId: string | null,
): Promise<boolean> {
  const { customer_id: owner } =
    (await tx
      .selectFrom('link')
      .select('customer_id')
      .where('integration_id', '=', integrationId)
      .where((eb) =>
        eb.or([
          eb.and([eb('key_kind', '=', key.kind), eb('key', '=', key.value)]),
          ...(externalId === null ? [] : [eb('external_id', '=', externalId)]),
        ]),
      )
      .executeTakeFirst()) ?? {};
  if (owner !== undefined && owner !== customerId) throw new AccountLinkedError();
  return owner !== undefined;
}

/**
 * Links a customer to an account that the integration holds. Linking the same again changes nothing.
 *
 * @throws {CustomerNotFoundError | InvalidInputError | AccountNotFoundError | AccountLinkedError | IntegrationFailedError}
 */
export async function linkAccount(context: CustomerContext, by: Caller, request: LinkRequest): Promise<void> {
  const { integration } = await parties(context, by, request);
  const key = checkedKey(integration, request.key);
  const externalId = await externalIdOf(integration, key, by.signal);
  const who = { actor: by.viewer, requestId: by.requestId };
  await context.store
    .transaction(async (tx) => {
      if (await isLinked(tx, { ...request, key }, externalId)) return;
      await insertLinks(tx, [{ ...request, key, externalId }], who, context.clock.now());
    })
    .catch((error: unknown) => {
      throw isUniqueViolation(error) ? new AccountLinkedError() : error;
    });
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
  const { integration } = await parties(context, by, request);
  const key = checkedKey(integration, request.key);
  await context.store.transaction(async (tx) => {
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
