import { sql } from 'kysely';
import type { Store } from '../store/store.ts';
import type { Pace } from './pace.ts';

/** When a call may go: after a wait, or not before a time that is too far off to wait for. */
export type Turn = { waitMs: number } | { retryAt: Date };

interface Asking {
  resolve(turn: Turn): void;
  reject(error: unknown): void;
}

const ms = (amount: number) => sql`${amount} * interval '1 millisecond'`;

/** Turns that were taken and not asked for yet. */
interface Ahead {
  /** When the first of them is, on the clock that does not go back. */
  at: number;
  left: number;
}

/**
 * Gives out turns to all processes on one store: a row an integration says when the next turn is free, and whoever
 * takes one moves it on (the generic cell rate algorithm of ITU-T I.371). Turns asked for while the row is being
 * written are taken together with the next write.
 */
export class SharedRateLimit {
  readonly #db: Store['db'];
  readonly #integrationId: string;
  readonly #intervalMs: number;
  /** How far the next turn may lie ahead while one may still go now. */
  readonly #toleranceMs: number;
  readonly #maxWaitMs: number;
  /** How many turns lie within the longest wait. */
  readonly #mostAtOnce: number;
  readonly #aheadMs: number;
  readonly #mostAhead: number;
  #ahead: Ahead = { at: 0, left: 0 };
  #takenAt = Number.NEGATIVE_INFINITY;
  /** How many were asked for since turns were last taken. */
  #asked = 0;
  #asking: Asking[] = [];
  #busy = false;

  constructor(
    db: Store['db'],
    integrationId: string,
    { intervalMs, burst, aheadMs }: Pace,
    maxWaitMs: number,
  ) {
    this.#db = db;
    this.#integrationId = integrationId;
    this.#intervalMs = intervalMs;
    this.#aheadMs = aheadMs;
    this.#mostAhead = Math.max(Math.floor(aheadMs / Math.max(intervalMs, 0.001)) - 1, 0);
    this.#toleranceMs = Math.max((burst - 1) * intervalMs - (this.#mostAhead > 0 ? aheadMs : 0), 0);
    this.#maxWaitMs = maxWaitMs;
    this.#mostAtOnce = Math.max(Math.floor(maxWaitMs / Math.max(intervalMs, 1)), burst);
  }

  /** Whether a turn is there now, which is taken then. */
  turnNow(): boolean {
    const ahead = this.#dropLate();
    if (ahead.left <= 0 || ahead.at > performance.now()) return false;
    this.#takeAhead();
    return true;
  }

  turn(): Promise<Turn> {
    if (this.#dropLate().left > 0)
      return Promise.resolve({ waitMs: Math.max(this.#takeAhead() - performance.now(), 0) });
    this.#asked++;
    const turn = new Promise<Turn>((resolve, reject) => {
      this.#asking.push({ resolve, reject });
    });
    if (!this.#busy) void this.#serve();
    return turn;
  }

  /** Nobody's turn comes before `time`: the provider said so. */
  async closeUntil(time: Date): Promise<void> {
    this.#ahead.left = 0;
    const next = sql`${time.toISOString()}::timestamptz + ${ms(this.#toleranceMs)}`;
    await sql`
      insert into rate_limit as r (integration_id, next_at) values (${this.#integrationId}, ${next})
      on conflict (integration_id) do update set next_at = greatest(r.next_at, excluded.next_at)
    `.execute(this.#db);
  }

  /** The turns that were taken ahead, without those whose time is over. */
  #dropLate(): Ahead {
    const ahead = this.#ahead;
    const late = performance.now() - this.#aheadMs - ahead.at;
    if (ahead.left <= 0 || late <= 0) return ahead;
    const lost = this.#intervalMs > 0 ? Math.ceil(late / this.#intervalMs) : ahead.left;
    ahead.at += lost * this.#intervalMs;
    ahead.left -= lost;
    return ahead;
  }

  /** The time of the first turn that was taken ahead, which is used now. */
  #takeAhead(): number {
    const { at } = this.#ahead;
    this.#asked++;
    this.#ahead.left--;
    this.#ahead.at += this.#intervalMs;
    return at;
  }

  /** How many to take beyond those that are waited for: as many as a busy time has just shown to be needed. */
  #wantedAhead(): number {
    const isBusy = performance.now() - this.#takenAt < 2 * this.#aheadMs;
    return isBusy ? Math.min(2 * this.#asked, this.#mostAhead) : 0;
  }

  async #serve(): Promise<void> {
    this.#busy = true;
    while (this.#asking.length > 0) {
      await this.#serveSome(Math.min(this.#asking.length, this.#mostAtOnce));
      this.#serveAhead();
    }
    this.#busy = false;
  }

  /** Serves those who have come meanwhile with what was taken ahead. */
  #serveAhead(): void {
    while (this.#asking.length > 0 && this.#dropLate().left > 0)
      this.#asking.shift()!.resolve({ waitMs: Math.max(this.#takeAhead() - performance.now(), 0) });
  }

  /** Serves so many who ask; where that many turns are too far off, the first of them alone. */
  async #serveSome(count: number): Promise<void> {
    try {
      const ahead = this.#wantedAhead();
      this.#asked = 0;
      const first = await this.#take(count + ahead);
      if ('retryAt' in first && count + ahead > 1) return await this.#serveSome(1);
      this.#takenAt = performance.now();
      if ('waitMs' in first) {
        const waitMs = Math.max(first.waitMs + count * this.#intervalMs, 0);
        this.#ahead = { at: this.#takenAt + waitMs, left: ahead };
      }
      for (const [i, { resolve }] of this.#asking.splice(0, count).entries()) resolve(this.#later(first, i));
    } catch (error) {
      for (const { reject } of this.#asking.splice(0, count)) reject(error);
    }
  }

  /** The turn that is so many places after the first of a row. */
  #later(first: Turn, places: number): Turn {
    return 'waitMs' in first ? { waitMs: Math.max(first.waitMs + places * this.#intervalMs, 0) } : first;
  }

  /** Takes so many turns in a row and says when the first one is; below 0 when it could have been earlier. */
  async #take(count: number): Promise<Turn> {
    const { rows } = await sql<{ wait: number }>`
      insert into rate_limit as r (integration_id, next_at)
      values (${this.#integrationId}, clock_timestamp() + ${ms(count * this.#intervalMs)})
      on conflict (integration_id) do update
        set next_at = greatest(r.next_at, clock_timestamp()) + ${ms(count * this.#intervalMs)}
        where r.next_at + ${ms((count - 1) * this.#intervalMs - this.#toleranceMs)}
          <= clock_timestamp() + ${ms(this.#maxWaitMs)}
      returning extract(epoch from next_at - clock_timestamp())::float8 * 1000 as wait
    `.execute(this.#db);
    const ahead = rows[0]?.wait;
    if (ahead === undefined) return { retryAt: await this.#firstTurn() };
    return { waitMs: ahead - count * this.#intervalMs - this.#toleranceMs };
  }

  async #firstTurn(): Promise<Date> {
    const { next_at } = await this.#db
      .selectFrom('rate_limit')
      .select('next_at')
      .where('integration_id', '=', this.#integrationId)
      .executeTakeFirstOrThrow();
    return new Date(next_at.getTime() - this.#toleranceMs);
  }
}
