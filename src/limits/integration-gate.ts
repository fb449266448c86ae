import { setTimeout as sleep } from 'node:timers/promises';
import { bulkhead, type BulkheadPolicy } from 'cockatiel';
import {
  ProviderError,
  type Admission,
  type Gate,
  type Hold,
  type HeldBy,
  type RateLimit,
  type Traffic,
  type Try,
} from '../providers/provider.ts';
import { unlessAborted } from '../providers/unless-aborted.ts';
import type { Store } from '../store/store.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { paceOf } from './pace.ts';
import { RetryBudget } from './retry-budget.ts';
import { SharedRateLimit } from './shared-rate-limit.ts';
import { SlidingWindow } from './sliding-window.ts';

/** Which integration a gate stands for, and on what. */
export interface GateOptions {
  id: string;
  provider: string;
  rateLimit: RateLimit | undefined;
  /** Calls at the same time. */
  concurrency: number | undefined;
  db: Store['db'];
  /** Turns a wait into the one that is really waited. */
  pace(ms: number): number;
  log: { warn(details: object, message: string): void };
}

const CONCURRENCY = 16;
/** Who has to wait longer for a turn comes back then. */
const MAX_WAIT_MS = 2_000;
const LEAST_ADMITTED = 100;
/** Calls that wait at the same time; one query may well ask for a thousand accounts. */
const MOST_WAITING = 2_000;
/** Between those who come back to an integration that names no limit. */
const SPACING_MS = 20;
const CIRCUIT_PAUSE_MS = 30_000;
const RETRY_PAUSE_MS = 10_000;
/** Where the provider says "too many" and names no time. */
const RATE_LIMIT_PAUSE_MS = 1_000;

/** The gate of a configured integration: a concurrency cap, the shared rate limit, a circuit breaker, a retry budget. */
export class IntegrationGate implements Gate {
  readonly #options: GateOptions;
  readonly #spacingMs: number;
  readonly #mostAdmitted: number;
  readonly #places: BulkheadPolicy;
  readonly #limit: SharedRateLimit;
  readonly #window: SlidingWindow | undefined;
  readonly #breaker: CircuitBreaker;
  readonly #retries = new RetryBudget();
  #admitted = 0;
  #waiting = 0;
  #running = 0;
  #closedUntil = 0;
  /** The latest time that somebody was told to come back. */
  #promised = 0;

  constructor(options: GateOptions) {
    const { id, rateLimit, concurrency = CONCURRENCY, db, pace, log } = options;
    const { intervalMs, burst } = rateLimit ? paceOf(rateLimit) : { intervalMs: 0, burst: 1 };
    this.#options = options;
    this.#spacingMs = intervalMs || SPACING_MS;
    this.#mostAdmitted = Math.max(LEAST_ADMITTED, MAX_WAIT_MS / this.#spacingMs);
    this.#places = bulkhead(concurrency, Number.POSITIVE_INFINITY);
    this.#limit = new SharedRateLimit(db, id, { intervalMs, burst }, MAX_WAIT_MS);
    this.#window = rateLimit && new SlidingWindow(rateLimit);
    this.#breaker = new CircuitBreaker(pace(CIRCUIT_PAUSE_MS), (circuit) =>
      log.warn({ integrationId: id, circuit }, 'the circuit has changed'),
    );
  }

  traffic(): Traffic {
    return { circuit: this.#breaker.state, running: this.#running, waiting: this.#waiting };
  }

  admit(which: Try): Admission | Hold {
    const hold = this.#hold();
    if (hold) return hold;
    if (this.#admitted >= this.#mostAdmitted)
      return this.#later('CONCURRENCY', this.#admitted * this.#spacingMs);
    if (which === 'FIRST') this.#retries.firstTry();
    else if (!this.#retries.retry(Date.now()))
      return this.#later('RETRY_BUDGET', this.#options.pace(RETRY_PAUSE_MS));
    this.#admitted++;
    return { leave: () => void this.#admitted-- };
  }

  async pass<T>(operation: string, signal: AbortSignal, call: () => Promise<T>): Promise<T> {
    if (this.#waiting >= MOST_WAITING)
      throw this.#held(operation, this.#later('CONCURRENCY', this.#waiting * this.#spacingMs));
    this.#waiting++;
    const place = this.#place();
    try {
      await this.#enter(place, operation, signal).finally(() => this.#waiting--);
      this.#running++;
      return await this.#run(call).finally(() => this.#running--);
    } finally {
      void place.then((free) => free());
    }
  }

  /** A place among the calls that run at the same time, until it is freed. */
  #place(): Promise<() => void> {
    return new Promise((resolve) => {
      void this.#places.execute(() => new Promise<void>(resolve));
    });
  }

  async #enter(place: Promise<unknown>, operation: string, signal: AbortSignal): Promise<void> {
    const gone = (): ProviderError => this.#gone(operation, signal);
    await unlessAborted(signal, place, gone);
    const hold = this.#hold();
    if (hold) throw this.#held(operation, hold);
    const turn = await unlessAborted(signal, this.#limit.turn(), gone);
    if ('retryAt' in turn) {
      this.#closedUntil = turn.retryAt.getTime();
      throw this.#held(operation, this.#later('RATE_LIMIT', 0));
    }
    let { waitMs } = turn;
    do {
      if (waitMs > 0) await unlessAborted(signal, sleep(Math.ceil(waitMs)), gone);
      waitMs = this.#window?.send(performance.now()) ?? 0;
    } while (waitMs > 0);
  }

  async #run<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await this.#breaker.run(call);
    } catch (error) {
      if (error instanceof ProviderError && error.code === 'RATE_LIMITED') {
        const pause = this.#options.pace(RATE_LIMIT_PAUSE_MS);
        const until = error.retryAt ?? new Date(Date.now() + pause);
        this.#closedUntil = until.getTime();
        await this.#limit.closeUntil(until);
      }
      throw error;
    }
  }

  /** Why nothing is let through now. */
  #hold(): Hold | null {
    const { openUntil } = this.#breaker;
    if (openUntil) return { heldBy: 'CIRCUIT', until: openUntil };
    return this.#closedUntil > Date.now() ? this.#later('RATE_LIMIT', 0) : null;
  }

  /** Whoever has to come back gets a time of their own, so that they do not all come at once. */
  #later(heldBy: HeldBy, afterMs: number): Hold {
    this.#promised = Math.max(this.#promised + this.#spacingMs, this.#closedUntil, Date.now() + afterMs);
    return { heldBy, until: new Date(this.#promised) };
  }

  #held(operation: string, { heldBy, until }: Hold): ProviderError {
    const code = heldBy === 'CIRCUIT' ? 'UNAVAILABLE' : 'RATE_LIMITED';
    return new ProviderError(code, { provider: this.#options.provider, operation, retryAt: until, heldBy });
  }

  #gone(operation: string, { reason: cause }: AbortSignal): ProviderError {
    const { provider } = this.#options;
    return new ProviderError('UNAVAILABLE', { provider, operation, heldBy: 'CONCURRENCY', cause });
  }
}
