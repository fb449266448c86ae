import type { Role } from '../../../src/access/viewer.ts';
import type { ErasureState } from '../../../src/erasure/words.ts';
import type { Account } from '../../../src/providers/provider.ts';
import { capsBroken } from './caps.ts';
import { hasIdentities, PLACES, type Place } from './places.ts';
import { creationOf, type Change, type Held, type Witness } from './provider.ts';

/** What was asked for. */
interface Asked {
  id: string;
  customer: number;
  role: Role;
  requestedAt: number;
  /** Where the customer held something. */
  meant: readonly Place[];
  /** The places that were named; null: everywhere. */
  only: ReadonlySet<Place> | null;
  /** Nothing is deleted before. */
  notBefore: number;
  /** Somebody else has to say yes first, and has not. */
  awaits: boolean;
}

/** What the model knows of one erasure that was accepted, in its own words. */
export interface Accepted extends Asked {
  /** The accounts up to this number of creation were there when it was accepted. */
  requestedUpTo: number;
  wasApproved: boolean;
  canceled: boolean;
  denied: boolean;
  /** As it was last seen. */
  state: ErasureState | null;
  /** The process died in its last step. */
  interrupted: boolean;
  /** At each place: accounts up to this number of creation were seen by whoever agreed. */
  upTo: Map<Place, number>;
  /** Accounts that a person agreed to one by one. */
  also: Set<number>;
  /** How many accounts there were when its wait was over, which is when it looks again; null: it did not wait. */
  begunUpTo: number | null;
  /** Places that it could not look at, at one time or another. */
  missed: Set<Place>;
  /** Places that could not be looked at: whatever is found there at first is meant. */
  unseen: Set<Place>;
  /** Everything that it deleted. */
  deleted: { place: Place; held: Held }[];
  /** Accounts that it deleted since anybody last agreed to delete there, where they carry no mark of their creation. */
  goneBlindly: Set<string>;
}

const OPEN: ReadonlySet<ErasureState> = new Set(['AWAITING_APPROVAL', 'SCHEDULED', 'RUNNING', 'VERIFYING']);

export const hasEnded = ({ state }: Accepted): boolean => state !== null && !OPEN.has(state);

/** What a look showed to whoever looked. */
export interface Look {
  upTo: number;
  unseen: Set<Place>;
}

const spot = (place: Place, externalId: string): string => `${place} ${externalId}`;

/** Judges every call that the providers get by its own small record, and by none of the gateway's rules. */
export class Oracle implements Witness {
  readonly erasures: Accepted[] = [];
  readonly holds = new Map<number, string>();
  readonly violations: string[] = [];
  /** How many accounts were ever created. */
  creations = 0;
  paused = false;
  readonly now: () => number;
  /** What happens in the middle of the next call that changes something. */
  meanwhile: (() => Promise<void>) | null = null;
  #running: Accepted | null = null;
  /** What forbids the running step to delete anything, as it stood before the step. */
  #forbidden: string[] = [];
  #unseen = new Set<Place>();

  constructor(now: () => number) {
    this.now = now;
  }

  /** A step of an erasure begins: what came before it counts, what comes within it is too late for it. */
  begin(erasure: Accepted): void {
    this.#running = erasure;
    this.#forbidden = [
      ...(this.holds.has(erasure.customer) ? ['a hold stands'] : []),
      ...(this.paused ? ['all deleting is paused'] : []),
      ...(erasure.awaits ? ['nobody has approved'] : []),
      ...(erasure.canceled || erasure.denied ? ['it was called off'] : []),
    ];
  }

  end(): void {
    this.#running = null;
    this.meanwhile = null;
  }

  /** Watches what a look cannot see. */
  async look<T>(take: () => Promise<T>): Promise<{ result: T; look: Look }> {
    this.#unseen = new Set();
    const result = await take();
    return { result, look: { upTo: this.creations, unseen: this.#unseen } };
  }

  accept(asked: Asked, look: Look): void {
    const erasure: Accepted = {
      ...asked,
      state: null,
      wasApproved: false,
      canceled: false,
      denied: false,
      interrupted: false,
      requestedUpTo: this.creations,
      begunUpTo: null,
      missed: new Set(look.unseen),
      upTo: new Map(),
      also: new Set(),
      unseen: look.unseen,
      deleted: [],
      goneBlindly: new Set(),
    };
    this.agree(erasure, look);
    this.erasures.push(erasure);
    this.violations.push(...capsBroken(this.erasures));
  }

  /** A person has judged an account that they were shown. */
  agreeToOne(erasure: Accepted, place: Place, { externalId, identity }: Account): void {
    if (identity === null) erasure.goneBlindly.delete(spot(place, externalId));
    else erasure.also.add(creationOf(identity));
  }

  /** Somebody has agreed to what a look showed. */
  agree(erasure: Accepted, { upTo, unseen }: Look): void {
    for (const place of PLACES) if (!unseen.has(place)) erasure.upTo.set(place, upTo);
    erasure.goneBlindly.clear();
  }

  async asked(place: Place, change: Change, externalId: string, held: Held | undefined): Promise<void> {
    if (change !== 'RESTORE') this.#judge(place, change, externalId, held);
    const { meanwhile } = this;
    this.meanwhile = null;
    await meanwhile?.();
  }

  deleted(place: Place, held: Held): void {
    this.#running?.deleted.push({ place, held: { ...held } });
    if (!hasIdentities(place)) this.#running?.goneBlindly.add(spot(place, held.externalId));
  }

  looked(place: Place, held: readonly Held[] | null): void {
    if (held === null) this.#unseen.add(place);
    if (held === null) this.#running?.missed.add(place);
    for (const one of held ?? []) {
      if (this.#running?.unseen.has(place)) this.#running.also.add(one.creation);
    }
  }

  fail(what: string): void {
    this.violations.push(what);
  }

  #judge(place: Place, change: Change, externalId: string, held: Held | undefined): void {
    const erasure = this.#running;
    const what = `${change} of ${spot(place, externalId)}`;
    if (!erasure) return this.fail(`${what} in no erasure`);
    for (const reason of this.#forbidden) this.fail(`${what}, although ${reason}`);
    if (erasure.only && !erasure.only.has(place)) this.fail(`${what}, where nobody asked for it`);
    if (change !== 'SUSPEND' && this.now() < erasure.notBefore) this.fail(`${what} before its time`);
    if (!held || change === 'SUSPEND') return;
    if (held.owner !== erasure.customer) this.fail(`${what}, which is customer ${held.owner}'s`);
    const seen = held.creation <= (erasure.upTo.get(place) ?? 0) || erasure.also.has(held.creation);
    const recreated = hasIdentities(place)
      ? !seen
      : !seen && erasure.goneBlindly.has(spot(place, externalId));
    if (recreated) this.fail(`${what} no. ${held.creation}, which nobody agreed to`);
  }
}
