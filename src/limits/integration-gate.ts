import { setTimeout as sleep } from 'node:timers/promises';
import {
  ProviderError,
  type Admission,
  type Gate,
  type PostponedBy,
  type Postponement,
  type RateLimit,
  type Traffic,
  type Try,
} from '../providers/provider.ts';
import { unlessAborted } from '../providers/unless-aborted.ts';
import type { Store } from '../store/store.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { paceOf, UNLIMITED } from './pace.ts';
import { Places } from './places.ts';
import { RetryBudget } from './retry-budget.ts';
import { SharedRateLimit, type Turn } from './shared-rate-limit.ts';
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
  readonly #places: Places;
  readonly #limit: SharedRateLimit;
  readonly #window: SlidingWindow | undefined;
  readonly #breaker: CircuitBreaker;
  readonly #retries: RetryBudget;
  #admitted = 0;
  #waiting = 0;
  #running = 0;
  /** Until when the provider, or a turn that is far off, lets nothing through. Times here do not follow the clock. */
  #closedUntil = 0;
  /** The latest time that work was told to come back. */
  #promised = 0;

  constructor(options: GateOptions) {
    const { id, rateLimit, concurrency = CONCURRENCY, db, pace, log } = options;
    const rate = rateLimit ? paceOf(rateLimit) : UNLIMITED;
    this.#options = options;
    this.#spacingMs = rate.intervalMs || SPACING_MS;
    this.#mostAdmitted = Math.max(LEAST_ADMITTED, MAX_WAIT_MS / this.#spacingMs);
    this.#places = new Places(concurrency);
    this.#limit = new SharedRateLimit(db, id, rate, MAX_WAIT_MS);
    this.#window = rateLimit && new SlidingWindow(rateLimit);
    this.#retries = new RetryBudget(pace);
    this.#breaker = new CircuitBreaker(pace(CIRCUIT_PAUSE_MS), (circuit) =>
      log.warn({ integrationId: id, circuit }, 'the circuit has changed'),
    );
  }

  traffic(): Traffic {
    return { circuit: this.#breaker.state, running: this.#running, waiting: this.#waiting };
  }

  admit(which: Try): Admission | Postponement {
    const closed = this.#closed();
    if (closed) return this.#promise(closed);
    if (this.#admitted >= this.#mostAdmitted)
      return this.#promise({ postponedBy: 'CONCURRENCY', ms: this.#admitted * this.#spacingMs });
    if (which === 'FIRST') this.#retries.firstTry();
    else if (!this.#retries.retry(performance.now()))
      return this.#promise({ postponedBy: 'RETRY_BUDGET', ms: this.#options.pace(RETRY_PAUSE_MS) });
    this.#admitted++;
    return { leave: () => void this.#admitted-- };
  }

  async pass<T>(operation: string, signal: AbortSignal, call: () => Promise<T>): Promise<T> {
    const leave = this.#enterNow() ?? (await this.#enter(operation, signal));
    try {
      return await this.#run(operation, call);
    } finally {
      leave();
    }
  }

  /** A place, when there is one, nobody waits, and the turn is there already. */
  #enterNow(): (() => void) | null {
    if (this.#waiting > 0) return null;
    const leave = this.#places.takeNow();
    if (!leave || this.#isTurnNow()) return leave;
    leave();
    return null;
  }

  /** Whether nothing stands against a call that is sent now. */
  #isTurnNow(): boolean {
    return !this.#closed() && this.#limit.turnNow() && (this.#window?.send(performance.now()) ?? 0) <= 0;
  }

  /** Waits for a place and a turn. @throws {ProviderError} with `postponedBy` when there is none soon enough. */
  async #enter(operation: string, signal: AbortSignal): Promise<() => void> {
    if (this.#waiting >= MOST_WAITING)
      throw this.#held(operation, { postponedBy: 'CONCURRENCY', ms: this.#waiting * this.#spacingMs });
    this.#waiting++;
    try {
      const leave = await this.#place(operation, signal);
      try {
        if (!this.#isTurnNow()) await this.#waitForTurn(operation, signal);
        return leave;
      } catch (error) {
        leave();
        throw error;
      }
    } finally {
      this.#waiting--;
    }
  }

  #place(operation: string, signal: AbortSignal): Promise<() => void> {
    return this.#places.take(signal).catch((cause: unknown) => {
      throw this.#gone(operation, cause);
    });
  }

  async #waitForTurn(operation: string, signal: AbortSignal): Promise<void> {
    const gone = (cause: unknown): ProviderError => this.#gone(operation, cause);
    const closed = this.#closed();
    if (closed) throw this.#held(operation, closed);
    const turn = await unlessAborted(signal, this.#turn(operation), gone);
    if ('retryAt' in turn) {
      this.#closeFor(turn.retryAt.getTime() - Date.now());
      throw this.#held(operation, this.#closed() ?? { postponedBy: 'RATE_LIMIT', ms: 0 });
    }
    let { waitMs } = turn;
    do {
      if (waitMs > 0) await unlessAborted(signal, sleep(Math.ceil(waitMs)), gone);
      waitMs = this.#window?.send(performance.now()) ?? 0;
    } while (waitMs > 0);
  }

  /** Without the database nobody knows whose turn it is, so nothing is sent. */
  #turn(operation: string): Promise<Turn> {
    return this.#limit.turn().catch((cause: unknown) => {
      throw this.#held(
        operation,
        { postponedBy: 'RATE_LIMIT', ms: this.#options.pace(RATE_LIMIT_PAUSE_MS) },
        cause,
      );
    });
  }

  /** What was let in may have been overtaken by what the calls before it brought. */
  async #run<T>(operation: string, call: () => Promise<T>): Promise<T> {
    const closed = this.#closed();
    if (closed) throw this.#held(operation, closed);
    this.#running++;
    try {
      return await this.#breaker.run(call);
    } catch (error) {
      if (error instanceof ProviderError && error.code === 'RATE_LIMITED') await this.#close(error);
      throw error;
    } finally {
      this.#running--;
    }
  }

  async #close({ retryAt }: ProviderError): Promise<void> {
    const until = retryAt ?? new Date(Date.now() + this.#options.pace(RATE_LIMIT_PAUSE_MS));
    this.#closeFor(until.getTime() - Date.now());
    try {
      await this.#limit.closeUntil(until);
    } catch (err) {
      this.#options.log.warn(
        { err, integrationId: this.#options.id },
        'other processes could not be told to wait',
      );
    }
  }

  #closeFor(ms: number): void {
    this.#closedUntil = Math.max(this.#closedUntil, performance.now() + ms);
  }

  /** Why nothing is let through now, and for how long. */
  #closed(): { postponedBy: PostponedBy; ms: number } | null {
    const ms = this.#breaker.closedForMs;
    if (ms > 0) return { postponedBy: 'CIRCUIT', ms };
    const left = this.#closedUntil - performance.now();
    return left > 0 ? { postponedBy: 'RATE_LIMIT', ms: left } : null;
  }

  /** Work that has to come back gets a time of its own, so that not all comes at once. */
  #promise({ postponedBy, ms }: { postponedBy: PostponedBy; ms: number }): Postponement {
    const now = performance.now();
    this.#promised = Math.max(this.#promised + this.#spacingMs, now + ms);
    return { postponedBy, until: new Date(Date.now() + this.#promised - now) };
  }

  #gone(operation: string, cause: unknown): ProviderError {
    return this.#held(operation, { postponedBy: 'CONCURRENCY', ms: 0 }, cause);
  }

  #held(
    operation: string,
    { postponedBy, ms }: { postponedBy: PostponedBy; ms: number },
    cause?: unknown,
  ): ProviderError {
    const code = postponedBy === 'CIRCUIT' || cause !== undefined ? 'UNAVAILABLE' : 'RATE_LIMITED';
    const retryAt = new Date(Date.now() + ms);
    return new ProviderError(code, {
      provider: this.#options.provider,
      operation,
      retryAt,
      postponedBy,
      cause,
    });
  }
}
