import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Store } from '../store/store.ts';
import type { CallerRates } from './caller-rates.ts';
import { takePoints, type Taken } from './take-points.ts';

/** Who spends. */
export interface Spender {
  subject: string;
  /** Whose tree of managers spends with them; null: nobody's. */
  manager: string | null;
}

/** Where one limit stands. */
export interface Standing {
  name: keyof CallerRates;
  perMinute: number;
  /** Points that are left. */
  left: number;
  /** When all of it is left again, if nothing more is spent. */
  fullAt: Date;
}

/** What came of spending. */
export interface Spending {
  standings: readonly Standing[];
  /** When so much may be spent; null: it was. */
  retryAt: Date | null;
}

interface Limit {
  name: keyof CallerRates;
  key: string;
  perMinute: number;
}

/** Points that were taken from the store for later, and what was left there. */
interface Ahead {
  points: number;
  inStore: number;
  fullAt: Date;
}

/** Taken at once is a second's worth, so that a busy caller does not write to the store with every request. */
const BLOCKS_A_MINUTE = 60;
const ROOT_AGE_MS = 60_000;
const MOST_KEPT = 10_000;

/** Keeps the latest so many. */
function keep<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > MOST_KEPT) map.delete(map.keys().next().value!);
}

const nameOf = (limits: readonly Limit[]): string => limits.map(({ key }) => key).join(' ');

async function rootOf(db: Store['db'], manager: string): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    with recursive above as (
      select id, parent_id from manager where id = ${manager}
      union
      select m.id, m.parent_id from manager m join above on m.id = above.parent_id
    )
    select id from above where parent_id is null
  `.execute(db);
  return rows[0]?.id ?? manager;
}

/** Limits what callers spend, in all processes on one store. */
export class CallerLimit {
  readonly #db: Store['db'];
  readonly #rates: CallerRates;
  readonly #clock: { now(): Date };
  readonly #ahead = new Map<string, Ahead>();
  readonly #keys = new Map<string, string>();
  readonly #roots = new Map<string, { root: Promise<string>; until: number }>();
  /** The last refusal of each caller: until its time, as much or more is refused without a look. */
  readonly #refusals = new Map<string, { points: number; refusal: Spending }>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(db: Store['db'], rates: CallerRates, clock: { now(): Date }) {
    this.#db = db;
    this.#rates = rates;
    this.#clock = clock;
  }

  /** Spends under all limits of the spender, or under none. What is more than a limit counts as all of it. */
  async spend(spender: Spender, points: number): Promise<Spending> {
    const limits = await this.#limitsOf(spender);
    const known = (): Spending | null => this.#refused(limits, points) ?? this.#fromAhead(limits, points);
    const spent = known();
    if (spent) return spent;
    // One after the other: who comes second finds what the first has taken.
    const turn = this.#turn.then(() => known() ?? this.#fromStore(limits, points));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #limitsOf({ subject, manager }: Spender): Promise<Limit[]> {
    const own: Limit = { name: 'caller', key: this.#keyOf(subject), perMinute: this.#rates.caller };
    if (manager === null) return [own];
    const root = await this.#rootOf(manager);
    return [own, { name: 'manager', key: `manager ${root}`, perMinute: this.#rates.manager }];
  }

  #keyOf(subject: string): string {
    const kept = this.#keys.get(subject);
    if (kept) return kept;
    const key = `caller ${createHash('sha256').update(subject).digest('hex')}`;
    keep(this.#keys, subject, key);
    return key;
  }

  #rootOf(manager: string): Promise<string> {
    const now = this.#clock.now().getTime();
    const kept = this.#roots.get(manager);
    if (kept && kept.until > now) return kept.root;
    const root = rootOf(this.#db, manager);
    keep(this.#roots, manager, { root, until: now + ROOT_AGE_MS });
    root.catch(() => this.#roots.delete(manager));
    return root;
  }

  #refused(limits: readonly Limit[], points: number): Spending | null {
    const last = this.#refusals.get(nameOf(limits));
    const holds = last && points >= last.points && this.#clock.now() < last.refusal.retryAt!;
    return holds ? last.refusal : null;
  }

  #fromAhead(limits: readonly Limit[], points: number): Spending | null {
    const isEnough = ({ key, perMinute }: Limit): boolean =>
      (this.#ahead.get(key)?.points ?? 0) >= Math.min(points, perMinute);
    if (!limits.every(isEnough)) return null;
    return { standings: limits.map((limit) => this.#spendAhead(limit, points)), retryAt: null };
  }

  #spendAhead({ name, key, perMinute }: Limit, points: number): Standing {
    const ahead = this.#ahead.get(key)!;
    ahead.points -= Math.min(points, perMinute);
    return { name, perMinute, left: Math.max(ahead.points + ahead.inStore, 0), fullAt: ahead.fullAt };
  }

  async #fromStore(limits: readonly Limit[], points: number): Promise<Spending> {
    const asks = limits.map(({ key, perMinute }) => {
      const needed = Math.max(Math.min(points, perMinute) - (this.#ahead.get(key)?.points ?? 0), 0);
      const wanted = needed && needed + Math.floor(perMinute / BLOCKS_A_MINUTE);
      return { key, perMinute, needed, wanted };
    });
    const takens = await takePoints(this.#db, asks, this.#clock.now());
    for (const taken of takens) this.#keepAhead(taken);
    const retries = takens.flatMap(({ retryAt }) => (retryAt ? [retryAt.getTime()] : []));
    const isSpent = retries.length === 0;
    const standings = limits.map((limit) => this.#spendAhead(limit, isSpent ? points : 0));
    if (isSpent) return { standings, retryAt: null };
    const refusal = { standings, retryAt: new Date(Math.max(...retries)) };
    keep(this.#refusals, nameOf(limits), { points, refusal });
    return refusal;
  }

  /** Meanwhile others may have spent of what lay ahead, which may so come to less than nothing for a while. */
  #keepAhead({ key, room, taken, fullAt }: Taken): void {
    const points = (this.#ahead.get(key)?.points ?? 0) + taken;
    keep(this.#ahead, key, { points, inStore: room - taken, fullAt });
  }
}
