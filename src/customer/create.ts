import { record } from '../audit/log.ts';
import { ProviderError, type Account, type Integration } from '../providers/provider.ts';
import { isUniqueViolation } from '../store/unique-violation.ts';
import type { Caller, CustomerContext } from './context.ts';
import { emailKey } from './email.ts';
import { AccountExistsError, EmailTakenError, IntegrationFailedError, InvalidInputError } from './errors.ts';
import { insertCustomers, insertLinks } from './insert.ts';
import { checkedRegistration, type Registration } from './register.ts';
import { withdrawCustomer } from './withdraw.ts';

/** A customer to be made at an integration and known from then on. */
export type Creation = Registration & { email: string; integrationId: string };

async function existing(integration: Integration, email: string, signal: AbortSignal) {
  const [found] = await integration.find([{ kind: 'EMAIL', value: email }], signal);
  if (found instanceof ProviderError) throw found;
  return found?.[0];
}

/** Creates the account. One that is there although the answer to its creation was lost is the one. */
async function createAccount(integration: Integration, email: string, signal: AbortSignal): Promise<Account> {
  if (await existing(integration, email, signal)) throw new AccountExistsError();
  try {
    return await integration.create!(email, signal);
  } catch (error) {
    const lost = error instanceof ProviderError && error.code === 'OUTCOME_UNKNOWN';
    const created = lost && (await existing(integration, email, signal));
    if (created) return created;
    throw error;
  }
}

function meaning(error: unknown): unknown {
  if (isUniqueViolation(error)) return new EmailTakenError();
  if (!(error instanceof ProviderError)) return error;
  return error.code === 'CONFLICT' ? new AccountExistsError() : new IntegrationFailedError(error);
}

/**
 * Creates a customer at an integration that can, and makes it known. It is known before the call, so that nobody else
 * takes the e-mail address meanwhile, and is withdrawn when the account could not be created.
 *
 * @throws {InvalidInputError | EmailTakenError | AccountExistsError | IntegrationFailedError}
 */
export async function createCustomer(
  context: CustomerContext,
  by: Caller,
  creation: Creation,
): Promise<string> {
  const { store, integrations, clock } = context;
  const { integrationId } = creation;
  const integration = integrations.get(integrationId);
  if (!integration?.create) {
    const message = 'There is no such integration that can create customers.';
    throw new InvalidInputError([{ path: 'integrationId', message }]);
  }
  const checked = await checkedRegistration(context, by, creation);
  const who = { actor: by.viewer, requestId: by.requestId };
  let customerId: string | undefined;
  try {
    [customerId] = await store.transaction((tx) => insertCustomers(tx, [checked], who, clock.now()));
    const { externalId } = await createAccount(integration, emailKey(creation.email), by.signal);
    const key = { kind: integration.manifest.externalIdKind, value: externalId };
    const link = { customerId: customerId!, integrationId, key, externalId };
    await store.transaction(async (tx) => {
      await insertLinks(tx, [link], who, clock.now());
      await record(tx, { ...who, action: 'account.created', customerId, integrationId }, clock.now());
    });
    return customerId!;
  } catch (error) {
    const known = customerId;
    if (known)
      await store.transaction((tx) => withdrawCustomer(tx, known, { ...who, integrationId }, clock.now()));
    throw meaning(error);
  }
}
