import DataLoader from 'dataloader';
import {
  ProviderError,
  type Account,
  type AccountKey,
  type Age,
  type Found,
  type Inspection,
  type Integration,
} from '../providers/provider.ts';
import type { Store } from '../store/store.ts';
import type { Customer } from './customer.ts';
import { linksOf, type Link } from './links.ts';
import { isOfOthers, ownersOf, type Holding } from './owners.ts';

/** How one integration can be asked for a customer. Null: a key is known, and the provider has no way to ask. */
export interface Lookup {
  integration: Integration;
  key: AccountKey;
  askable: boolean;
}

/** What came of asking one integration by one key. */
export type LookupResult = Lookup & {
  /** What the customer holds there. */
  found: Found | null;
  /** Accounts that the key led to and that are another customer's. */
  ofOthers: readonly Account[];
  /** Only the e-mail address led here, although the customer is linked to another account of the integration. */
  unlinked: boolean;
};

const canAsk = ({ manifest }: Integration, { kind, value }: AccountKey): boolean =>
  manifest.keys.some((rule) => rule.kind === kind && rule.pattern.test(value));

/** An e-mail address may have moved on to another account, so a link goes by the id of the account that it meant. */
function keyOf({ manifest }: Integration, { key, externalId }: Link): AccountKey {
  const kind = manifest.externalIdKind;
  const movable = key.kind === 'EMAIL' && externalId !== null && kind !== 'EMAIL';
  return movable ? { kind, value: externalId } : key;
}

/** How an integration is asked by the customer's e-mail address; null where that is not known for sure. */
function byEmail(integration: Integration, { email, emailConfirmed }: Customer): Lookup | null {
  if (email === null || !emailConfirmed) return null;
  const key = { kind: 'EMAIL' as const, value: email };
  return canAsk(integration, key) ? { integration, key, askable: true } : null;
}

/** The ways to ask one integration: by every stored link, else by the customer's own e-mail address. */
function lookupsAt(integration: Integration, customer: Customer, links: readonly Link[]): Lookup[] {
  const linked = links
    .filter((link) => link.integrationId === integration.id)
    .map((link) => keyOf(integration, link))
    .map((key) => ({ integration, key, askable: canAsk(integration, key) }));
  if (linked.length > 0) return linked;
  const lookup = byEmail(integration, customer);
  return lookup ? [lookup] : [];
}

/** What the directory says of customers' accounts. */
export interface DirectoryFacts {
  /** One list per customer, in order; all at once, so that what is asked next is asked together. */
  links(customerIds: readonly string[]): Promise<readonly (readonly Link[])[]>;
  owners(holding: Holding): Set<string> | Promise<Set<string>>;
}

/** The same as the store says it now. */
function storedFacts(store: Store): DirectoryFacts {
  const owners = new DataLoader<Holding, Set<string>>((holdings) => ownersOf(store.db, holdings), {
    cache: false,
  });
  return { links: (ids) => linksOf(store, ids), owners: (holding) => owners.load(holding) };
}

/** What is the customer's for all that is known; empty where nothing could be found out. */
const ownOf = ({ found }: LookupResult): readonly Account[] =>
  found === null || found instanceof ProviderError ? [] : found;

/** What results are wanted for. */
interface ResultOptions {
  /** Whether the customer's e-mail address is looked up too, beside the accounts that are linked. */
  unlinked?: boolean;
  /** Begins what comes next for an account, as soon as it is there and whatever the others do. */
  seen?: Seen | undefined;
}

type Seen = (integration: Integration, account: Account) => Promise<unknown>;

function tellOwn(result: LookupResult, seen: Seen): void {
  for (const account of ownOf(result)) seen(result.integration, account).catch(() => {});
}

const cacheKey = ({ kind, value }: AccountKey): string => `${kind} ${value}`;

/**
 * Reads what the integrations hold, for one request: each is asked once for all customers that the request wants, and
 * never twice for the same. Whoever calls has checked that the viewer may know the customer.
 */
export class AccountReader {
  readonly integrations: readonly Integration[];
  readonly db: Store['db'];
  readonly #facts: DirectoryFacts;
  readonly #links: DataLoader<string, readonly Link[]>;
  readonly #accounts: Map<string, DataLoader<AccountKey, readonly Account[], string>>;
  readonly #details = new Map<string, DataLoader<Account, unknown, string>>();
  readonly #inspections = new Map<string, Promise<Inspection>>();
  readonly #signal: AbortSignal;
  readonly #age: Age;

  constructor(
    store: Store,
    integrations: readonly Integration[],
    signal: AbortSignal,
    age: Age,
    facts: DirectoryFacts = storedFacts(store),
  ) {
    this.#age = age;
    this.#facts = facts;
    this.#links = new DataLoader((ids) => facts.links(ids));
    this.db = store.db;
    this.integrations = integrations;
    this.#signal = signal;
    this.#accounts = new Map(
      integrations.map((integration) => [
        integration.id,
        new DataLoader<AccountKey, readonly Account[], string>(
          (keys) => integration.find(keys, signal, age),
          { cacheKeyFn: cacheKey },
        ),
      ]),
    );
  }

  async lookups(customer: Customer): Promise<Lookup[]> {
    const links = await this.#links.load(customer.id);
    return this.integrations.flatMap((integration) => lookupsAt(integration, customer, links));
  }

  /** What the integrations answer; all are asked at once. */
  async results(
    customer: Customer,
    only?: ReadonlySet<string>,
    { unlinked = this.#age === 'FRESH', seen }: ResultOptions = {},
  ): Promise<LookupResult[]> {
    const lookups = (await this.lookups(customer)).filter(
      ({ integration }) => only?.has(integration.id) ?? true,
    );
    const asked = lookups.map((lookup) => this.#result(customer, lookup));
    if (seen) for (const result of asked) result.then((one) => tellOwn(one, seen)).catch(() => {});
    const results = Promise.all(asked);
    if (!unlinked) return results;
    const missed = this.integrations.map((one) => this.#missed(customer, one, lookups, results));
    const all = await Promise.all([results, ...missed]);
    return all.flat();
  }

  /** What else the deletion of an account would cause. @throws {ProviderError} */
  inspection(integration: Integration, account: Account): Promise<Inspection> {
    const id = `${integration.id} ${account.externalId}`;
    const known = this.#inspections.get(id) ?? integration.inspect(account, this.#signal);
    this.#inspections.set(id, known);
    return known;
  }

  /** One of an account's further facts. @throws {ProviderError} */
  detail(integration: Integration, name: string, account: Account): Promise<unknown> {
    const id = `${integration.id} ${name}`;
    const load = (accounts: readonly Account[]) => integration.details[name]!(accounts, this.#signal);
    const loader =
      this.#details.get(id) ?? new DataLoader(load, { cacheKeyFn: ({ externalId }) => externalId });
    this.#details.set(id, loader);
    return loader.load(account);
  }

  async #result(customer: Customer, lookup: Lookup): Promise<LookupResult> {
    const asked = { ...lookup, ofOthers: [], unlinked: false };
    const found = await this.#find(lookup);
    if (found === null || found instanceof ProviderError) return { ...asked, found };
    const { integration } = lookup;
    const asking = found.map((account) => this.#facts.owners({ integration, account }));
    const areKnown = asking.every((one): one is Set<string> => one instanceof Set);
    const owners = areKnown ? asking : await Promise.all(asking.map(async (one) => one));
    const isForeign = owners.map((some) => isOfOthers(some, customer.id));
    const own = found.filter((_account, i) => !isForeign[i]);
    return { ...asked, found: own, ofOthers: found.filter((_account, i) => isForeign[i]) };
  }

  /** Accounts with the customer's e-mail address beside those that the customer is linked to. */
  async #missed(
    customer: Customer,
    integration: Integration,
    lookups: readonly Lookup[],
    results: Promise<readonly LookupResult[]>,
  ): Promise<LookupResult[]> {
    const here = lookups.filter((linked) => linked.integration === integration);
    const lookup = byEmail(integration, customer);
    if (!lookup || here.length === 0 || here.some(({ key }) => key.kind === 'EMAIL')) return [];
    const result = await this.#result(customer, lookup);
    const known = new Set(here.map(({ key }) => key.value));
    for (const linked of await results)
      if (linked.integration === integration)
        for (const { externalId } of ownOf(linked)) known.add(externalId);
    const others = ownOf(result).filter(({ externalId }) => !known.has(externalId));
    return others.length > 0 ? [{ ...result, found: others, ofOthers: [], unlinked: true }] : [];
  }

  async #find({ integration, key, askable }: Lookup): Promise<Found | null> {
    if (!askable) return null;
    try {
      return await this.#accounts.get(integration.id)!.load(key);
    } catch (error) {
      if (error instanceof ProviderError) return error;
      throw error;
    }
  }
}
