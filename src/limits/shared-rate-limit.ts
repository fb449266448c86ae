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
  #asking: Asking[] = [];
  #busy = false;

  constructor(db: Store['db'], integrationId: string, { intervalMs, burst }: Pace, maxWaitMs: number) {
    this.#db = db;
    this.#integrationId = integrationId;
    this.#intervalMs = intervalMs;
    this.#toleranceMs = (burst - 1) * intervalMs;
    this.#maxWaitMs = maxWaitMs;
    this.#mostAtOnce = Math.max(Math.floor(maxWaitMs / Math.max(intervalMs, 1)), burst);
  }

  turn(): Promise<Turn> {
    const turn = new Promise<Turn>((resolve, reject) => {
      this.#asking.push({ resolve, reject });
    });
    if (!this.#busy) void this.#serve();
    return turn;
  }

  /** Nobody's turn comes before `time`: the provider said so. */
  async closeUntil(time: Date): Promise<void> {
    const next = sql`${time.toISOString()}::timestamptz + ${ms(this.#toleranceMs)}`;
    await sql`
      insert into rate_limit as r (integration_id, next_at) values (${this.#integrationId}, ${next})
      on conflict (integration_id) do update set next_at = greatest(r.next_at, excluded.next_at)
    `.execute(this.#db);
  }

  async #serve(): Promise<void> {
    this.#busy = true;
    while (this.#asking.length > 0) await this.#serveSome(Math.min(this.#asking.length, this.#mostAtOnce));
    this.#busy = false;
  }

  /** Serves so many who ask; where that many turns are too far off, the first of them alone. */
  async #serveSome(count: number): Promise<void> {
    try {
      const first = await this.#take(count);
      if ('retryAt' in first && count > 1) return await this.#serveSome(1);
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
