import type { Clock } from '../../../src/clock.ts';
import { openGate } from '../../../src/providers/gate.ts';
import {
  ProviderError,
  type Account,
  type AccountKey,
  type Admission,
  type Found,
  type Integration,
  type Postponement,
  type ProviderErrorCode,
  type Sighting,
} from '../../../src/providers/provider.ts';
import { hasIdentities, MANIFESTS, type Place } from './places.ts';

export const READ_BEHAVIOURS = ['FINE', 'UNAVAILABLE', 'RATE_LIMITED'] as const;

/** What a provider does with its next call that changes something. */
export const CHANGE_BEHAVIOURS = [
  ...READ_BEHAVIOURS,
  'LOST_BEFORE_ACTING',
  'LOST_AFTER_ACTING',
  'REFUSES',
  'FORBIDS',
  'LIES',
  'GATE_SHUT',
] as const;
export type Behaviour = (typeof CHANGE_BEHAVIOURS)[number];

/** An account as the provider really holds it. */
export interface Held {
  externalId: string;
  /** Counts all accounts that were ever created at all providers, so that a later one has a higher number. */
  creation: number;
  /** Number of the customer whose account it is. */
  owner: number;
  email: string;
  /** When a delete that was accepted takes effect. */
  goneAt: number | null;
  suspended: boolean;
}

export type Calls = 'CHANGES' | 'READS';
export type Change = 'SUSPEND' | 'RESTORE' | 'PREPARE' | 'DELETE';

/** Who is told what the providers see. */
export interface Witness {
  /** A call came that would change something; `held` is the account that is there. */
  asked(place: Place, change: Change, externalId: string, held: Held | undefined): Promise<void>;
  /** An account was deleted, or its deletion was accepted. */
  deleted(place: Place, held: Held): void;
  /** Somebody looked for accounts; null: the look failed. */
  looked(place: Place, held: readonly Held[] | null): void;
}

const CODES: Partial<Record<Behaviour, ProviderErrorCode>> = {
  UNAVAILABLE: 'UNAVAILABLE',
  RATE_LIMITED: 'RATE_LIMITED',
  LOST_BEFORE_ACTING: 'OUTCOME_UNKNOWN',
  LOST_AFTER_ACTING: 'OUTCOME_UNKNOWN',
  REFUSES: 'CONFLICT',
  FORBIDS: 'FORBIDDEN',
};

const RETRY_AFTER_MS = 60_000;
const SLOW_MS = 90_000;

const identityOf = ({ creation }: Held): string => `no. ${creation}`;

/** The number of creation that an identity tells. */
export const creationOf = (identity: string): number => Number(identity.slice('no. '.length));

/** Some accounts without such a mark tell themselves apart by what they were given. */
const isMarked = ({ owner }: Held): boolean => owner % 2 === 0;

/** A provider that keeps what it holds, and does what it was last told to do. */
export class ModelProvider {
  readonly place: Place;
  readonly id: string;
  readonly #clock: Clock;
  readonly #witness: Witness;
  readonly #held = new Map<string, Held>();
  readonly #next: Record<Calls, { as: Behaviour; times: number }> = {
    CHANGES: { as: 'FINE', times: 0 },
    READS: { as: 'FINE', times: 0 },
  };

  constructor(place: Place, id: string, clock: Clock, witness: Witness) {
    this.place = place;
    this.id = id;
    this.#clock = clock;
    this.#witness = witness;
  }

  /** Says what the next so many calls do that change something, or that look. */
  behave(calls: Calls, as: Behaviour, times: number): void {
    this.#next[calls] = { as, times };
  }

  /** What is there now. */
  holds(): Held[] {
    return [...this.#held.keys()].flatMap((id) => this.#at(id) ?? []);
  }

  /** Holds a new account, in the place of one that had its external id. */
  create(account: Pick<Held, 'externalId' | 'creation' | 'owner' | 'email'>): void {
    this.#held.set(account.externalId, { ...account, goneAt: null, suspended: false });
  }

  integration(): Integration {
    const { place } = this;
    return {
      id: this.id,
      provider: place.toUpperCase(),
      manifest: MANIFESTS[place],
      gate: { ...openGate, admit: () => this.#admit() },
      rateLimit: null,
      protectedIds: [],
      details: {},
      find: async (keys) => this.#find(keys),
      inspect: async () => ({ sideEffects: [], blockers: [], warnings: [] }),
      suspension: place === 'steady' || place === 'anchor' ? this.#suspension() : undefined,
      prepare:
        place === 'steady' ? ({ externalId }) => this.#act('PREPARE', externalId, () => {}) : undefined,
      delete: async ({ externalId }) => {
        await this.#act('DELETE', externalId, (held) => this.#delete(held));
        return { deletedAt: null };
      },
      verify: async (account) => this.#verify(account),
      check: () => Promise.reject(new Error('nobody looks at the credential here')),
      close: async () => {},
    };
  }

  #suspension(): Integration['suspension'] {
    const set = (suspended: boolean) => (held: Held) => void (held.suspended = suspended);
    return {
      suspend: ({ externalId }) => this.#act('SUSPEND', externalId, set(true)),
      restore: ({ externalId }) => this.#act('RESTORE', externalId, set(false)),
    };
  }

  #at(externalId: string): Held | undefined {
    const held = this.#held.get(externalId);
    if (held?.goneAt == null || held.goneAt > this.#clock.now().getTime()) return held;
    this.#held.delete(externalId);
    return undefined;
  }

  #delete(held: Held): void {
    if (this.place === 'slow') held.goneAt ??= this.#clock.now().getTime() + SLOW_MS;
    else this.#held.delete(held.externalId);
    this.#witness.deleted(this.place, held);
  }

  #behaviour(calls: Calls): Behaviour {
    const next = this.#next[calls];
    return next.times-- > 0 ? next.as : 'FINE';
  }

  #error(code: ProviderErrorCode): ProviderError {
    const retryAt = code === 'RATE_LIMITED' ? this.#later() : undefined;
    return new ProviderError(code, { provider: this.place, operation: 'a call', retryAt });
  }

  #later = (): Date => new Date(this.#clock.now().getTime() + RETRY_AFTER_MS);

  #admit(): Admission | Postponement {
    const { as, times } = this.#next.CHANGES;
    if (as !== 'GATE_SHUT' || times <= 0) return { leave() {} };
    this.#behaviour('CHANGES');
    return { postponedBy: 'RATE_LIMIT', until: this.#later() };
  }

  async #act(change: Change, externalId: string, act: (held: Held) => void): Promise<void> {
    const held = this.#at(externalId);
    await this.#witness.asked(this.place, change, externalId, held);
    const as = this.#behaviour('CHANGES');
    const code = CODES[as];
    if (code && as !== 'LOST_AFTER_ACTING') throw this.#error(code);
    if (!held) throw this.#error('NOT_FOUND');
    if (as !== 'LIES') act(held);
    if (code) throw this.#error(code);
  }

  #refusesToShow(): ProviderError | null {
    const code = CODES[this.#behaviour('READS')];
    if (code) this.#witness.looked(this.place, null);
    return code ? this.#error(code) : null;
  }

  #find(keys: readonly AccountKey[]): Found[] {
    const error = this.#refusesToShow();
    if (error) return keys.map(() => error);
    return keys.map(({ kind, value }) => {
      const isMeant = ({ externalId, email }: Held): boolean =>
        kind === MANIFESTS[this.place].externalIdKind ? externalId === value : email === value;
      const found = this.holds().filter(isMeant);
      this.#witness.looked(this.place, found);
      return found.map((held) => this.#shown(held));
    });
  }

  #shown(held: Held): Account {
    const { externalId, creation, email } = held;
    if (hasIdentities(this.place)) return { externalId, identity: identityOf(held), email, facts: {} };
    return { externalId, identity: null, email: null, facts: { marks: isMarked(held) ? [creation] : [] } };
  }

  #verify(account: Account): Sighting {
    const error = this.#refusesToShow();
    if (error) throw error;
    const held = this.#at(account.externalId);
    if (!held) return this.place === 'steady' ? 'REDACTED' : 'ABSENT';
    const now = this.#shown(held);
    if (now.identity !== account.identity) return 'RECREATED';
    if (now.identity === null && !isMarked(held)) return 'UNKNOWN';
    return JSON.stringify(now.facts) === JSON.stringify(account.facts) ? 'PRESENT' : 'RECREATED';
  }
}
