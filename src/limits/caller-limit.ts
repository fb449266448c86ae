import { createHash } from 'node:crypto';
import { sql, type RawBuilder } from 'kysely';
import type { Store } from '../store/store.ts';
import type { CallerRates } from './caller-rates.ts';

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

/** A limit that a spender is under. */
interface Limit {
  name: keyof CallerRates;
  /** Its name in this process. */
  id: string;
  /** Its name in the store, where a tree of managers goes by its root. */
  key: RawBuilder<string>;
  perMinute: number;
}

/** Points that were taken from the store and not spent yet. */
interface Ahead {
  points: number;
  standing: Standing;
}

interface Row {
  name: keyof CallerRates;
  points: number;
  full_at: Date;
  granted: boolean;
}

const MINUTE_MS = 60_000;
/** Taken at once is a second's worth, so that a busy caller does not write to the store with every request. */
const BLOCKS_A_MINUTE = 60;
const MOST_AHEAD = 10_000;

const intervalOf = ({ perMinute }: Pick<Limit, 'perMinute'>): number => MINUTE_MS / perMinute;

const subjectKey = (subject: string): string =>
  `caller ${createHash('sha256').update(subject).digest('hex')}`;

const rootKey = (manager: string): RawBuilder<string> => sql`'manager ' || coalesce((
  with recursive above as (
    select id, parent_id from manager where id = ${manager}
    union
    select m.id, m.parent_id from manager m join above on m.id = above.parent_id
  )
  select id from above where parent_id is null
), ${manager})`;

/**
 * Limits what callers spend, in all processes on one store (the generic cell rate algorithm of ITU-T I.371): a row a
 * limit says when all of it would be left again, and whoever spends moves that on.
 */
export class CallerLimit {
  readonly #db: Store['db'];
  readonly #rates: CallerRates;
  readonly #clock: { now(): Date };
  readonly #ahead = new Map<string, Ahead>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(db: Store['db'], rates: CallerRates, clock: { now(): Date }) {
    this.#db = db;
    this.#rates = rates;
    this.#clock = clock;
  }

  /** Spends under all limits of the spender, or under none. What is more than a limit counts as all of it. */
  async spend(spender: Spender, points: number): Promise<Spending> {
    const limits = this.#limitsOf(spender);
    const spent = this.#fromAhead(limits, points);
    if (spent) return spent;
    // One after the other: who comes second finds what the first has taken.
    const turn = this.#turn.then(() => this.#fromAhead(limits, points) ?? this.#fromStore(limits, points));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  #limitsOf({ subject, manager }: Spender): Limit[] {
    const id = subjectKey(subject);
    const own: Limit = { name: 'caller', id, key: sql`${id}`, perMinute: this.#rates.caller };
    if (manager === null) return [own];
    const perMinute = this.#rates.manager;
    return [own, { name: 'manager', id: `manager ${manager}`, key: rootKey(manager), perMinute }];
  }

  #fromAhead(limits: readonly Limit[], points: number): Spending | null {
    const needs = limits.map((limit) => Math.min(points, limit.perMinute));
    const all = limits.map(({ id }) => this.#ahead.get(id));
    if (!all.every((ahead, i) => ahead && ahead.points >= needs[i]!)) return null;
    const standings = all.map((ahead, i) => {
      ahead!.points -= needs[i]!;
      ahead!.standing = { ...ahead!.standing, left: ahead!.standing.left - needs[i]! };
      return ahead!.standing;
    });
    return { standings, retryAt: null };
  }

  async #fromStore(limits: readonly Limit[], points: number): Promise<Spending> {
    const asked = limits.map((limit) => {
      const ahead = this.#ahead.get(limit.id)?.points ?? 0;
      const needed = Math.max(Math.min(points, limit.perMinute) - ahead, 0);
      const wanted = needed && needed + Math.floor(limit.perMinute / BLOCKS_A_MINUTE);
      return { limit, ahead, needed, wanted };
    });
    const now = this.#clock.now();
    const rows = new Map((await this.#take(asked, now)).map((row) => [row.name, row]));
    const retries: number[] = [];
    const standings = asked.map(({ limit, ahead, needed, wanted }) => {
      const { points: room, full_at: fullAt, granted } = rows.get(limit.name)!;
      const { id, name, perMinute } = limit;
      const intervalMs = intervalOf(limit);
      if (room < needed) retries.push(fullAt.getTime() - MINUTE_MS + needed * intervalMs);
      const taken = granted ? Math.min(wanted, room) : 0;
      const left = Math.max(ahead + room - (granted ? Math.min(points, perMinute) : 0), 0);
      const standing = { name, perMinute, left, fullAt: new Date(fullAt.getTime() + taken * intervalMs) };
      if (granted) this.#keep(id, { points: ahead + taken - Math.min(points, perMinute), standing });
      return standing;
    });
    return { standings, retryAt: retries.length > 0 ? new Date(Math.max(...retries)) : null };
  }

  #keep(id: string, ahead: Ahead): void {
    this.#ahead.delete(id);
    this.#ahead.set(id, ahead);
    if (this.#ahead.size > MOST_AHEAD) this.#ahead.delete(this.#ahead.keys().next().value!);
  }

  /** Takes what is wanted under all limits, as far as there is room, or nothing where one lacks what is needed. */
  async #take(
    asked: readonly { limit: Limit; needed: number; wanted: number }[],
    now: Date,
  ): Promise<readonly Row[]> {
    const at = sql`${now.toISOString()}::timestamptz`;
    const values = asked.map(
      ({ limit, needed, wanted }) =>
        sql`(${limit.name}, ${limit.key}, ${intervalOf(limit)}::float8, ${needed}::float8, ${wanted}::float8)`,
    );
    const { rows } = await sql<Row>`
      with asked (name, key, interval_ms, needed, wanted) as (values ${sql.join(values)}),
      held as (
        select key, full_at from caller_limit where key in (select key from asked) order by key for update
      ),
      room as (
        select asked.*, greatest(held.full_at, ${at}) as full_at from asked left join held using (key)
      ),
      counted as (
        select *, floor((${MINUTE_MS} - extract(epoch from full_at - ${at})::float8 * 1000) / interval_ms + 0.001)
          as points from room
      ),
      taken as (
        insert into caller_limit as c (key, full_at)
        select key, ${at} + least(wanted, points) * interval_ms * interval '1 millisecond' from counted
          where (select bool_and(points >= needed) from counted)
        on conflict (key) do update set full_at = greatest(c.full_at, ${at}) + (excluded.full_at - ${at})
        returning key
      )
      select name, points, full_at, exists (select from taken) as granted from counted
    `.execute(this.#db);
    return rows;
  }
}
