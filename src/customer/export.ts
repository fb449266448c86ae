import { record } from '../audit/log.ts';
import { ProviderError, type Account, type Integration } from '../providers/provider.ts';
import type { Store } from '../store/store.ts';
import type { AccountReader, LookupResult } from './accounts.ts';
import { asTheyCome } from './as-they-come.ts';
import type { Caller, CustomerContext } from './context.ts';
import { CustomerNotFoundError, type Customer } from './customer.ts';
import { doubtAbout } from './doubt.ts';
import { InvalidInputError } from './errors.ts';
import { linksOf } from './links.ts';

/** What is exported, why, and how ids are written for those who read it. */
export interface ExportRequest {
  customerId: string;
  reason: string;
  idOf(type: 'Customer' | 'Erasure', id: string): string;
}

/** Why something is missing in an export. */
interface Failure {
  integrationId: string;
  provider: string;
  /** The further fact that could not be read; absent when it is the accounts. */
  detail?: string;
  code: string;
  message: string;
}

/** What one integration has to say. */
interface Answer {
  integrationId: string;
  linked: boolean;
  accounts: object[];
  failures: Failure[];
}

const MAX_REASON = 500;
const UNSUPPORTED = { code: 'LOOKUP_UNSUPPORTED', message: 'The provider has no way to look.' };

/**
 * Everything that the directory and the providers hold about a customer, as the chunks of one JSON document. It is
 * written down who asked and why before anything is read. Nothing of it is kept.
 *
 * @throws {CustomerNotFoundError | InvalidInputError}
 */
export async function exportCustomer(
  context: CustomerContext,
  { viewer, requestId }: Caller,
  reader: AccountReader,
  request: ExportRequest,
): Promise<AsyncGenerator<string>> {
  const { customerId, reason } = request;
  if (reason.trim() === '' || reason.length > MAX_REASON)
    throw new InvalidInputError([{ path: 'reason', message: `1 to ${MAX_REASON} characters.` }]);
  const customer = await context.directory.byId(viewer, customerId);
  const at = context.clock.now();
  const action = customer ? 'customer.exported' : 'customer.export_refused';
  const entry = { actor: viewer, requestId, customerId, reason, action };
  await context.store.transaction((tx) => record(tx, entry, at));
  if (!customer) throw new CustomerNotFoundError();
  return documentOf(reader, customer, {
    exportedAt: at,
    ...(await knownOf(context.store, customer, request)),
  });
}

/** What the gateway itself holds. */
async function knownOf(store: Store, customer: Customer, { idOf }: ExportRequest): Promise<object> {
  const [links] = await linksOf(store, [customer.id]);
  const erasures = await store.db
    .selectFrom('erasure')
    .select(['id', 'state'])
    .where('customer_id', '=', customer.id)
    .orderBy('requested_at')
    .execute();
  return {
    customer: { ...customer, id: idOf('Customer', customer.id) },
    links: links!.map(({ integrationId, key, externalId, createdAt }) => {
      return { integrationId, kind: key.kind, key: key.value, externalId, createdAt };
    }),
    erasures: erasures.map(({ id, state }) => ({ id: idOf('Erasure', id), state })),
  };
}

async function* documentOf(reader: AccountReader, customer: Customer, known: object): AsyncGenerator<string> {
  yield `${JSON.stringify(known).slice(0, -1)},"accounts":[`;
  const failures: Failure[] = [];
  const notLinked: string[] = [];
  let separator = '';
  const answers = reader.integrations.map((integration) => answerOf(reader, customer, integration));
  for await (const answer of asTheyCome(answers)) {
    failures.push(...answer.failures);
    if (!answer.linked) notLinked.push(answer.integrationId);
    for (const account of answer.accounts) {
      yield separator + JSON.stringify(account);
      separator = ',';
    }
  }
  const end = { notLinked, failures, complete: failures.length === 0 };
  yield `],${JSON.stringify(end).slice(1)}`;
}

async function answerOf(
  reader: AccountReader,
  customer: Customer,
  integration: Integration,
): Promise<Answer> {
  const results = await reader.results(customer, new Set([integration.id]), { unlinked: true });
  const failures = results.flatMap((result) => failureOf(result) ?? []);
  const sure = results.filter((result) => failureOf(result) === null);
  const found = sure.flatMap((result) => result.found as readonly Account[]);
  const accounts = [...new Map(found.map((account) => [account.externalId, account])).values()];
  const answer = { integrationId: integration.id, linked: results.length > 0, failures };
  const shown = accounts.map((account) => accountOf(reader, integration, account, failures));
  return { ...answer, accounts: await Promise.all(shown) };
}

/** Why a result is not exported: it could not be had, or it may be of somebody else. Null when it is. */
function failureOf(result: LookupResult): Failure | null {
  const { integration, found } = result;
  const why = found === null ? UNSUPPORTED : found instanceof ProviderError ? found : doubtAbout(result);
  return why && failure(integration, why);
}

const failure = (
  { id: integrationId, provider }: Integration,
  { code, message }: { code: string; message: string },
): Failure => ({ integrationId, provider, code, message });

/** An account with all its facts; those that could not be read become failures. */
async function accountOf(
  reader: AccountReader,
  integration: Integration,
  account: Account,
  failures: Failure[],
): Promise<object> {
  const details: Record<string, unknown> = {};
  for (const name of Object.keys(integration.details))
    try {
      details[name] = await reader.detail(integration, name, account);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      failures.push({ ...failure(integration, error), detail: name });
    }
  const { externalId, email, facts } = account;
  const { id: integrationId, provider } = integration;
  return { integrationId, provider, externalId, email, facts, details };
}
