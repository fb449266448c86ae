import { ProviderError, type Circuit } from '../providers/provider.ts';

const FAILURES_IN_A_ROW = 5;
/** A call that was cut short by its caller's deadline says nothing, unless the provider had this long. */
const PATIENCE_MS = 3_000;

/** What a call says of the provider's state. */
type Sign = 'WELL' | 'IN_TROUBLE' | 'NOTHING';

function signOf(error: unknown, tookMs: number): Sign {
  if (!(error instanceof ProviderError)) return 'NOTHING';
  const troubled = error.code === 'UNAVAILABLE' || error.code === 'OUTCOME_UNKNOWN';
  if (!troubled) return 'WELL';
  const aborted = error.cause instanceof DOMException;
  return aborted && tookMs < PATIENCE_MS ? 'NOTHING' : 'IN_TROUBLE';
}

/**
 * Stops calling a provider that failed five times in a row, and after a pause lets one call at a time through, until
 * one succeeds.
 */
export class CircuitBreaker {
  readonly #pauseMs: number;
  readonly #changed: (circuit: Circuit) => void;
  #failures = 0;
  #triesAt = 0;
  #trying = false;

  constructor(pauseMs: number, changed: (circuit: Circuit) => void) {
    this.#pauseMs = pauseMs;
    this.#changed = changed;
  }

  get state(): Circuit {
    if (this.#failures < FAILURES_IN_A_ROW) return 'CLOSED';
    return this.#trying ? 'HALF_OPEN' : 'OPEN';
  }

  /** In how many ms the next call is let through; 0 when it is now. */
  get closedForMs(): number {
    if (this.state === 'CLOSED') return 0;
    const left = this.#triesAt - performance.now();
    return this.#trying ? Math.max(left, this.#pauseMs) : Math.max(left, 0);
  }

  /** Only to be called when nothing is to be waited for. */
  async run<T>(call: () => Promise<T>): Promise<T> {
    const tries = this.state !== 'CLOSED';
    this.#trying ||= tries;
    const started = performance.now();
    let sign: Sign = 'WELL';
    try {
      return await call();
    } catch (error) {
      sign = signOf(error, performance.now() - started);
      throw error;
    } finally {
      this.#learn(sign, tries);
    }
  }

  #learn(sign: Sign, tried: boolean): void {
    const before = this.state;
    if (tried) this.#trying = false;
    if (sign === 'WELL') this.#failures = 0;
    if (sign === 'IN_TROUBLE') {
      this.#failures++;
      this.#triesAt = performance.now() + this.#pauseMs;
    }
    if (this.state !== before) this.#changed(this.state);
  }
}
