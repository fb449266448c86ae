import {
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleWhen,
  type CircuitBreakerPolicy,
} from 'cockatiel';
import { ProviderError, type Circuit } from '../providers/provider.ts';

const FAILURES_IN_A_ROW = 5;

const STATES: Record<CircuitState, Circuit> = {
  [CircuitState.Closed]: 'CLOSED',
  [CircuitState.Open]: 'OPEN',
  [CircuitState.Isolated]: 'OPEN',
  [CircuitState.HalfOpen]: 'HALF_OPEN',
};

/** Whether a failure says that the provider is in trouble; a client that went away says nothing. */
function isTrouble(error: Error): boolean {
  if (!(error instanceof ProviderError) || error.heldBy) return false;
  if (error.code !== 'UNAVAILABLE' && error.code !== 'OUTCOME_UNKNOWN') return false;
  return !(error.cause instanceof DOMException) || error.cause.name === 'TimeoutError';
}

/** Stops calling a provider that failed five times in a row, and tries one call after a pause. */
export class CircuitBreaker {
  readonly #policy: CircuitBreakerPolicy;
  readonly #pauseMs: number;
  #openUntil = 0;

  constructor(pauseMs: number, changed: (circuit: Circuit) => void) {
    this.#pauseMs = pauseMs;
    this.#policy = circuitBreaker(handleWhen(isTrouble), {
      halfOpenAfter: pauseMs,
      breaker: new ConsecutiveBreaker(FAILURES_IN_A_ROW),
    });
    this.#policy.onStateChange((state) => {
      if (state === CircuitState.Open) this.#openUntil = Date.now() + this.#pauseMs;
      changed(STATES[state]);
    });
  }

  get state(): Circuit {
    return STATES[this.#policy.state];
  }

  /** When the next call is let through; null when it is now. */
  get openUntil(): Date | null {
    const open = this.#policy.state === CircuitState.Open && this.#openUntil > Date.now();
    return open ? new Date(this.#openUntil) : null;
  }

  run<T>(call: () => Promise<T>): Promise<T> {
    return this.#policy.execute(call);
  }
}
