import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Database } from './schema.ts';

const CHANNEL = 'gateway_changes';
const RECONNECT_MS = 500;
/** How long one relies on being told of changes before one looks by oneself. */
const LOOK_EVERY_MS = 5_000;
/** How often a process sees whether it is told of changes. */
const ECHO_EVERY_MS = 400;

/** What tells the other side of a transaction, in every process on this store, that something under `key` has changed. */
export const announcement = (key: string): RawBuilder<void> => sql`pg_notify(${CHANNEL}, ${key})`;

/** Tells it by itself. */
export async function announce(tx: Kysely<Database>, key: string): Promise<void> {
  await sql`select ${announcement(key)}`.execute(tx);
}

/** Wakes those who wait for a key to change. A wake-up is a hint to read again, never the news itself. */
export class Changes {
  readonly #pool: Pool;
  readonly #waiting = new Map<string, Set<() => void>>();
  readonly #acting = new Map<string, () => void>();
  readonly #echo = `echo ${randomUUID()} `;
  #client: PoolClient | undefined;
  #listensSince = Number.POSITIVE_INFINITY;
  #heardUntil = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async listen(): Promise<void> {
    const client = await this.#pool.connect();
    this.#client = client;
    client.on('notification', ({ payload = '' }) => {
      if (payload.startsWith(this.#echo)) this.#hear(Number(payload.slice(this.#echo.length)));
      else this.#wake(payload);
    });
    client.once('error', () => this.#reconnect());
    await client.query(`LISTEN ${CHANNEL}`);
    this.#listensSince = performance.now();
    for (const action of this.#acting.values()) action(); // nobody has heard what was told before
  }

  /** What was committed before this time, in any process, has been told (`performance.now()`). */
  get heardUntil(): number {
    return this.#heardUntil;
  }

  /**
   * Tells itself of the time again and again: PostgreSQL delivers in the order of commits (NOTIFY, section "Notes"), so
   * whoever hears this has heard all that came before it.
   */
  async listenForEchoes(): Promise<void> {
    while (!this.#closed) {
      const echo = `${this.#echo}${performance.now()}`;
      await this.#pool.query('select pg_notify($1, $2)', [CHANNEL, echo]).catch(() => {}); // not to hear it tells enough
      await sleep(ECHO_EVERY_MS, undefined, { ref: false });
    }
  }

  /** Acts at once each time that `key` may have changed, for as long as the store is open. */
  act(key: string, action: () => void): void {
    this.#acting.set(key, action);
  }

  /** Resolves at the next change of `key`, after `timeoutMs`, or when the signal aborts. Ask before you read. */
  next(key: string, timeoutMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(key) ?? new Set();
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        waiting.delete(done);
        if (waiting.size === 0) this.#waiting.delete(key);
        resolve();
      };
      const timer = setTimeout(done, timeoutMs);
      this.#waiting.set(key, waiting.add(done));
      signal.addEventListener('abort', done, { once: true });
      if (signal.aborted || this.#closed) done();
    });
  }

  /** Now, and again each time that `key` may have changed, until the signal aborts. */
  async *looks(key: string, signal: AbortSignal): AsyncGenerator<void> {
    while (!signal.aborted && !this.#closed) {
      const waiting = new AbortController();
      const changed = this.next(key, LOOK_EVERY_MS, AbortSignal.any([signal, waiting.signal]));
      try {
        yield;
        await changed;
      } finally {
        waiting.abort();
      }
    }
  }

  close(): void {
    this.#closed = true;
    this.#client?.release(true);
    this.#client = undefined;
    for (const key of this.#waiting.keys()) this.#wake(key);
  }

  #hear(sentAt: number): void {
    if (sentAt >= this.#listensSince) this.#heardUntil = Math.max(this.#heardUntil, sentAt);
  }

  #wake(key: string): void {
    this.#acting.get(key)?.();
    for (const done of this.#waiting.get(key) ?? []) done();
  }

  #reconnect(): void {
    this.#listensSince = Number.POSITIVE_INFINITY;
    this.#client?.release(true);
    this.#client = undefined;
    if (this.#closed) return;
    setTimeout(() => {
      this.listen().catch(() => this.#reconnect());
    }, RECONNECT_MS).unref();
  }
}
