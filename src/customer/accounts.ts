import DataLoader from 'dataloader';
import {
  ProviderError,
  type Account,
  type AccountKey,
  type Age,
  type Found,
  type Integration,
  type KeyKind,
} from '../providers/provider.ts';
import type { Store } from '../store/store.ts';
import type { Customer } from './customer.ts';
import { linksOf, type Link } from './links.ts';

/** How one integration can be asked for a customer. Null: a key is known, and the provider has no way to ask. */
export interface Lookup {
  integration: Integration;
  key: AccountKey;
  askable: boolean;
}

/** What came of asking one integration by one key. */
export type LookupResult = Lookup & { found: Found | null };

/** The ways to ask one integration: by every stored link, else by the customer's own e-mail address. */
function lookupsAt(integration: Integration, customer: Customer, links: readonly Link[]): Lookup[] {
  const rule = (kind: KeyKind, value: string): boolean =>
    integration.manifest.keys.some((candidate) => candidate.kind === kind && candidate.pattern.test(value));
  const linked = links
    .filter((link) => link.integrationId === integration.id)
    .map(({ key }) => ({ integration, key, askable: rule(key.kind, key.value) }));
  if (linked.length > 0 || customer.email === null) return linked;
  const key = { kind: 'EMAIL' as const, value: customer.email };
  return rule(key.kind, key.value) ? [{ integration, key, askable: true }] : [];
}

const cacheKey = ({ kind, value }: AccountKey): string => `${kind} ${value}`;

/**
 * Reads what the integrations hold, for one request: each is asked once for all customers that the request wants, and
 * never twice for the same. Whoever calls has checked that the viewer may know the customer.
 */
export class AccountReader {
  readonly integrations: readonly Integration[];
  readonly store: Store;
  readonly #links: DataLoader<string, readonly Link[]>;
  readonly #accounts: Map<string, DataLoader<AccountKey, readonly Account[], string>>;
  readonly #details = new Map<string, DataLoader<Account, unknown, string>>();
  readonly #signal: AbortSignal;

  constructor(store: Store, integrations: readonly Integration[], signal: AbortSignal, age: Age) {
    this.store = store;
    this.integrations = integrations;
    this.#signal = signal;
    this.#links = new DataLoader((ids) => linksOf(store, ids));
    this.#accounts = new Map(
      integrations.map((integration) => [
        integration.id,
        new DataLoader<AccountKey, readonly Account[], string>(
          (keys) => integration.find(keys, signal, age),
          {
            cacheKeyFn: cacheKey,
          },
        ),
      ]),
    );
  }

  async lookups(customer: Customer): Promise<Lookup[]> {
    const links = await this.#links.load(customer.id);
    return this.integrations.flatMap((integration) => lookupsAt(integration, customer, links));
  }

  async results(customer: Customer, only?: ReadonlySet<string>): Promise<LookupResult[]> {
    const lookups = (await this.lookups(customer)).filter(
      ({ integration }) => only?.has(integration.id) ?? true,
    );
    return Promise.all(
      lookups.map(async (lookup) => ({ ...lookup, found: lookup.askable ? await this.#find(lookup) : null })),
    );
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

  #find({ integration, key }: Lookup): Promise<Found> {
    return this.#accounts
      .get(integration.id)!
      .load(key)
      .catch((error: unknown) => {
        if (error instanceof ProviderError) return error;
        throw error;
      });
  }
}
