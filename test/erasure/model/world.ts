import { DEFAULT_BULK_POLICY } from '../../../src/erasure/bulk/policy.ts';
import { readSigner } from '../../../src/signing/signing-key.ts';
import { fingerprintKey } from '../../support/fingerprint-key.ts';
import { signingKeys } from '../../support/signing-keys.ts';
import pino from 'pino';
import { SCOPES, scopesOf, type Role, type Viewer } from '../../../src/access/viewer.ts';
import { GATEWAY } from '../../../src/audit/log.ts';
import { AccountReader } from '../../../src/customer/accounts.ts';
import { Directory } from '../../../src/customer/directory.ts';
import { insertCustomers, insertLinks, type NewLink } from '../../../src/customer/insert.ts';
import { registerManager } from '../../../src/customer/managers.ts';
import type { Checkpoint, ErasureContext } from '../../../src/erasure/context.ts';
import type { Requester } from '../../../src/erasure/open.ts';
import type { Store } from '../../../src/store/store.ts';
import { CAPS } from './caps.ts';
import { CUSTOMERS, type Setting } from './commands.ts';
import { ModelEngine } from './engine.ts';
import { Oracle, type Accepted, type Look } from './oracle.ts';
import { MANIFESTS, PLACES, type Place } from './places.ts';
import { ModelProvider } from './provider.ts';

const MANAGER = 'alpine';
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const RETRY_WAITS_MS = [2_000, 15_000];
/** So long the gateway relies on a look: nothing is created again sooner. */
const LOOK_HOLDS_MS = 5 * MINUTE_MS;
const signer = await readSigner(signingKeys);

const APPROVAL_MS = 72 * 60 * MINUTE_MS;

/** The process dies. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

export interface ModelCustomer {
  id: string;
  email: string;
  /** Whether the reseller manages it. */
  isManaged: boolean;
}

/** How many worlds there were: each has people, providers and a time of its own in the one store. */
let worlds = 0;

/** Everything that the gateway's domain works on, real but for the engine, the providers and the time. */
export class ModelWorld {
  readonly number = ++worlds;
  readonly startedAt = Date.now() + worlds * 400 * DAY_MS;
  readonly engine = new ModelEngine();
  readonly oracle = new Oracle(() => this.#now);
  readonly providers: Record<Place, ModelProvider>;
  readonly context: ErasureContext;
  readonly setting: Setting;
  /** The last look at each customer, and the hash that stands for it. */
  readonly looks = new Map<number, { hash: string; look: Look }>();
  customers: ModelCustomer[] = [];
  /** Where the process dies next. */
  crashAt: Checkpoint | null = null;
  #now = this.startedAt;
  #requests = 0;

  constructor(store: Store, setting: Setting) {
    this.setting = setting;
    const clock = { now: () => new Date(this.#now) };
    const providers = PLACES.map(
      (place) => new ModelProvider(place, `${place}-${this.number}`, clock, this.oracle),
    );
    this.providers = Object.fromEntries(providers.map((one) => [one.place, one])) as Record<
      Place,
      ModelProvider
    >;
    const watched = this.engine.watch(store);
    this.context = {
      store: watched,
      directory: new Directory(watched),
      integrations: new Map(providers.map((one) => [one.id, one.integration()])),
      clock,
      log: pino({ level: 'silent' }),
      anchor: { signer, origin: 'test-gateway' },
      fingerprintKey,
      caps: CAPS,
      bulk: DEFAULT_BULK_POLICY,
      policy: {
        approvalFor: new Set<Role>(setting.approvalForResale ? ['RESALE'] : []),
        approvalForHardCases: false,
        approvalMs: APPROVAL_MS,
        coolOffMs: setting.coolOffMinutes * MINUTE_MS,
        suspends: setting.suspends,
      },
      retryWaitsMs: RETRY_WAITS_MS,
      pace: (ms) => ms,
      deadline: () => new AbortController().signal,
      checkpoint: (name) => {
        if (name !== this.crashAt) return;
        this.crashAt = null;
        throw new Crash();
      },
    };
  }

  readonly forward = (ms: number): void => {
    this.#now += ms;
  };

  /** Somebody with a role. */
  readonly by = (role: Role): Requester => {
    const { store, integrations } = this.context;
    const signal = new AbortController().signal;
    const viewer: Viewer = {
      subject: role,
      role,
      scopes: scopesOf(role, SCOPES),
      manager: role === 'RESALE' ? MANAGER : null,
      tokenId: null,
      issuedAt: new Date(this.#now),
      expiresAt: new Date(this.#now + DAY_MS),
    };
    const reader = new AccountReader(store, [...integrations.values()], signal, 'FRESH');
    return { viewer, reader, requestId: `${this.number}-${++this.#requests}`, signal };
  };

  placeOf(integrationId: string): Place {
    return PLACES.find((place) => this.providers[place].id === integrationId)!;
  }

  /** The erasure with a number, from the newest, over and over again: of those that are meant, or else of all. */
  erasure(number: number, isMeant: (erasure: Accepted) => boolean): Accepted | undefined {
    const { erasures } = this.oracle;
    const meant = erasures.filter(isMeant);
    const some = meant.length > 0 ? meant : erasures;
    return some.at(-1 - (number % Math.max(some.length, 1)));
  }

  holdsAt(place: Place, customer: number): boolean {
    return this.providers[place].holds().some(({ owner }) => owner === customer);
  }

  /** Somebody creates an account at a provider: in the place of one that was there, or beside it. */
  recreate(customer: number, place: Place, how: 'AGAIN' | 'ANOTHER' | 'FOR_ANOTHER_CUSTOMER'): void {
    this.forward(LOOK_HOLDS_MS + 1);
    const ids = this.accountsOf(customer).flatMap(([at, id]) => (at === place ? [id] : []));
    const isFree = place === 'refuser' || place === 'anchor';
    if (isFree && how === 'ANOTHER')
      return this.create(place, `${this.oracle.creations}-${customer}`, customer);
    const owner = isFree && how === 'FOR_ANOTHER_CUSTOMER' ? (customer + 1) % CUSTOMERS : customer;
    const fallback = isFree ? [`first-${customer}`] : [];
    for (const id of ids.length > 0 ? ids : fallback) this.create(place, id, owner);
  }

  /** A new account of a customer. */
  create(place: Place, externalId: string, owner: number): void {
    const { email } = this.customers[owner]!;
    this.providers[place].create({ externalId, owner, email, creation: ++this.oracle.creations });
  }

  /** The external ids that a customer begins with: nothing at some places, two devices at another. */
  accountsOf(customer: number): [Place, string][] {
    const { email } = this.customers[customer]!;
    return PLACES.flatMap((place, at): [Place, string][] => {
      if ((customer + at) % 5 === 4) return [];
      if (place === 'steady') return [[place, email]];
      const ids = place === 'slow' && customer % 4 < 2 ? ['phone', 'tablet'] : ['first'];
      return ids.map((id) => [place, `${id}-${customer}`]);
    });
  }

  /** Adds the people to the directory, and their accounts to the providers. */
  async populate(): Promise<void> {
    const { store, clock } = this.context;
    const isManaged = (number: number): boolean => number % 3 !== 2;
    await registerManager(store, { id: MANAGER, parentId: null, name: 'Alpine' });
    await store.transaction(async (tx) => {
      const by = { actor: GATEWAY };
      const emails = Array.from({ length: CUSTOMERS }, (_, i) => `c${i}.${this.number}@example.org`);
      const people = emails.map((email, i) => {
        return { email, name: null, managerId: isManaged(i) ? MANAGER : null, testCustomer: true };
      });
      const ids = await insertCustomers(tx, people, by, clock.now());
      this.customers = ids.map((id, i) => ({ id, email: emails[i]!, isManaged: isManaged(i) }));
      await insertLinks(tx, this.#links(), by, clock.now());
    });
  }

  #links(): NewLink[] {
    return this.customers.flatMap(({ id: customerId }, customer) =>
      this.accountsOf(customer).flatMap(([place, externalId]) => {
        this.create(place, externalId, customer);
        if (MANIFESTS[place].keys.some(({ kind }) => kind === 'EMAIL')) return [];
        const key = { kind: MANIFESTS[place].externalIdKind, value: externalId };
        return [{ customerId, integrationId: this.providers[place].id, key, externalId }];
      }),
    );
  }
}
