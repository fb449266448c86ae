import { record } from '../audit/log.ts';
import {
  ProviderError,
  type Account,
  type CustomerToken,
  type CustomerTokens,
  type Revocation,
} from '../providers/provider.ts';
import type { AccountReader } from './accounts.ts';
import type { Caller, CustomerContext } from './context.ts';
import { CustomerNotFoundError } from './customer.ts';
import { AccountNotFoundError, IntegrationFailedError, InvalidInputError } from './errors.ts';

/** For which customer, at which integration. */
export interface TokenHolder {
  customerId: string;
  integrationId: string;
}

const DAY_SECONDS = 86_400;
const MAX_LIFETIME_SECONDS = 90 * DAY_SECONDS;

function tokensAt({ integrations }: CustomerContext, integrationId: string): CustomerTokens {
  const tokens = integrations.get(integrationId)?.tokens;
  if (tokens) return tokens;
  const message = 'There is no such integration that issues tokens.';
  throw new InvalidInputError([{ path: 'integrationId', message }]);
}

/** What the provider did not do, as an error that the caller can act on. */
function failure(error: unknown): unknown {
  return error instanceof ProviderError ? new IntegrationFailedError(error) : error;
}

async function accountOf(
  { directory }: CustomerContext,
  { viewer }: Caller,
  reader: AccountReader,
  { customerId, integrationId }: TokenHolder,
): Promise<Account> {
  const customer = await directory.byId(viewer, customerId);
  if (!customer) throw new CustomerNotFoundError();
  const [result] = await reader.results(customer, new Set([integrationId]));
  if (result?.found instanceof ProviderError) throw result.found;
  const [account] = result?.found ?? [];
  if (!account) throw new AccountNotFoundError();
  return account;
}

/**
 * Issues a token that acts for the customer at the provider. It is handed out and kept nowhere; the audit log says that
 * it was issued.
 *
 * @throws {CustomerNotFoundError | AccountNotFoundError | InvalidInputError | IntegrationFailedError}
 */
export async function issueCustomerToken(
  context: CustomerContext,
  by: Caller,
  reader: AccountReader,
  { expiresInSeconds, ...holder }: TokenHolder & { expiresInSeconds: number },
): Promise<CustomerToken> {
  const tokens = tokensAt(context, holder.integrationId);
  if (expiresInSeconds < 1 || expiresInSeconds > MAX_LIFETIME_SECONDS) {
    const message = `1 second to ${MAX_LIFETIME_SECONDS / DAY_SECONDS} days.`;
    throw new InvalidInputError([{ path: 'expiresInSeconds', message }]);
  }
  try {
    const account = await accountOf(context, by, reader, holder);
    const issued = await tokens.issue(account, expiresInSeconds, by.signal);
    await note(context, by, holder, 'token.issued', { expiresAt: issued.expiresAt });
    return issued;
  } catch (error) {
    throw failure(error);
  }
}

/**
 * Ends a customer's token and tries it once more.
 *
 * @throws {CustomerNotFoundError | InvalidInputError | IntegrationFailedError}
 */
export async function revokeCustomerToken(
  context: CustomerContext,
  by: Caller,
  { token, ...holder }: TokenHolder & { token: string },
): Promise<Revocation> {
  const tokens = tokensAt(context, holder.integrationId);
  if (!(await context.directory.byId(by.viewer, holder.customerId))) throw new CustomerNotFoundError();
  try {
    const revocation = await tokens.revoke(token, by.signal);
    await note(context, by, holder, 'token.revoked', { ...revocation });
    return revocation;
  } catch (error) {
    throw failure(error);
  }
}

function note(
  { store, clock }: CustomerContext,
  { viewer, requestId }: Caller,
  holder: TokenHolder,
  action: string,
  details: Record<string, unknown>,
): Promise<void> {
  const entry = { actor: viewer, requestId, action, ...holder, details };
  return store.transaction((tx) => record(tx, entry, clock.now()));
}
