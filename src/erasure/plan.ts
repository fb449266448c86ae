import type { AccountReader, LookupResult } from '../customer/accounts.ts';
import type { Customer } from '../customer/customer.ts';
import { doubtAbout } from '../customer/doubt.ts';
import {
  ProviderError,
  type Account,
  type AccountKey,
  type Inspection,
  type Integration,
  type Manifest,
  type Notice,
} from '../providers/provider.ts';
import { standingHolds } from './hold.ts';
import { isProtected, PROTECTED } from './protected.ts';
import type { Presence } from './words.ts';

/** What the plan says about one integration, or about one of several accounts there. */
export interface PlanItem extends Inspection {
  integration: Integration;
  presence: Presence;
  blockers: readonly Notice[];
  /** How the account is asked for; null where nothing is known to ask by. */
  key: AccountKey | null;
  /** The account that would be deleted; null where none was seen. */
  account: Account | null;
  /** Why the integration could not be asked. */
  failure: ProviderError | null;
}

/** The read-only look before an erasure, in the order in which it would run. */
export interface Plan {
  customer: Customer;
  createdAt: Date;
  items: readonly PlanItem[];
  /** Whether a hold forbids the deletion. */
  held: boolean;
}

/** 0 goes first: what may refuse, so that a refusal costs nothing elsewhere. The identity anchor goes last. */
export function rankOf(manifest: Manifest): number {
  if (manifest.anchor) return 2;
  return manifest.canRefuse ? 0 : 1;
}

const NOTHING = { sideEffects: [], blockers: [], warnings: [] };

/** Reads what else the deletion of an account would cause. */
type Inspect = (integration: Integration, account: Account) => Promise<Inspection>;

type Seen = Pick<PlanItem, 'integration' | 'presence'> & Partial<PlanItem>;

const item = (seen: Seen): PlanItem => ({ ...NOTHING, key: null, account: null, failure: null, ...seen });

async function foundItem(
  { integration, key }: LookupResult,
  account: Account,
  inspect: Inspect | null,
): Promise<PlanItem> {
  const blockers = integration.blockers?.(account) ?? [];
  const found = item({ integration, presence: 'FOUND', key, account, blockers });
  try {
    return { ...found, ...(await inspect?.(integration, account)) };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const message = 'The account was found, and its side effects could not be read';
    return { ...found, failure: error, warnings: [{ code: 'SIDE_EFFECTS_UNKNOWN', message }] };
  }
}

function unconfirmed({ integration, key }: LookupResult): PlanItem {
  const account = { externalId: key.value, identity: null, email: null, facts: null };
  const message = 'The provider has no way to look, so only the delete will show whether the account exists';
  const warnings = [{ code: 'NOT_CONFIRMED', message }];
  return item({ integration, presence: 'UNCONFIRMED', key, account, warnings });
}

async function itemsOf(result: LookupResult, inspect: Inspect | null): Promise<PlanItem[]> {
  const { integration, key, found, ofOthers } = result;
  if (found === null) return [unconfirmed(result)];
  if (found instanceof ProviderError) {
    const message = 'The integration could not be asked; the erasure looks again before it deletes';
    const warnings = [{ code: 'NOT_REACHED', message }];
    return [item({ integration, presence: 'UNREACHABLE', key, failure: found, warnings })];
  }
  const doubt = doubtAbout(result);
  if (ofOthers.length > 0) return [item({ integration, presence: 'FOUND', key, blockers: [doubt!] })];
  if (found.length === 0) return [item({ integration, presence: 'ABSENT', key })];
  const items = await Promise.all(found.map((account) => foundItem(result, account, inspect)));
  return doubt ? items.map((one) => ({ ...one, blockers: [...one.blockers, doubt] })) : items;
}

function notLinked(integration: Integration): PlanItem {
  const message = 'No key of the customer is known here, so the integration cannot be asked';
  return item({ integration, presence: 'NOT_LINKED', warnings: [{ code: 'NOT_LINKED', message }] });
}

/** Whether the erasure would delete something there, as far as is known: what the caps count. */
export const isMeant = ({ key, presence }: PlanItem): boolean => key !== null && presence !== 'ABSENT';

/** The external id that a delete would take, as far as it is known. */
function targetOf({ integration, presence, key, account }: PlanItem): string | null {
  if (account) return account.externalId;
  const isId = key?.kind === integration.manifest.externalIdKind;
  return presence === 'UNREACHABLE' && isId ? key.value : null;
}

function withProtection(one: PlanItem): PlanItem {
  const target = targetOf(one);
  if (target === null || !isProtected(one.integration, target)) return one;
  return { ...one, blockers: [...one.blockers, PROTECTED] };
}

/**
 * Looks at every integration, or at those that are named, and changes nothing. Without `inspects`, not at what else the
 * deletion would cause, which takes calls of its own.
 */
export async function makePlan(
  reader: AccountReader,
  customer: Customer,
  only: ReadonlySet<string> | undefined,
  createdAt: Date,
  inspects = true,
): Promise<Plan> {
  const inspect: Inspect | null = inspects ? (at, account) => reader.inspection(at, account) : null;
  const results = await reader.results(customer, only, { unlinked: true, seen: inspect ?? undefined });
  const asked = new Set(results.map(({ integration }) => integration.id));
  const unasked = reader.integrations.filter(({ id }) => (only?.has(id) ?? true) && !asked.has(id));
  const seen = (await Promise.all(results.map((result) => itemsOf(result, inspect)))).flat();
  const items = [...seen.map(withProtection), ...unasked.map(notLinked)];
  const place = (one: PlanItem): number => reader.integrations.indexOf(one.integration);
  items.sort(
    (a, b) => rankOf(a.integration.manifest) - rankOf(b.integration.manifest) || place(a) - place(b),
  );
  const [holds] = await standingHolds(reader.db, [customer.id]);
  return { customer, createdAt, items, held: holds!.length > 0 };
}
