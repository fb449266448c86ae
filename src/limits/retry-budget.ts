/** Share of first tries that may be tried again. */
const SHARE = 0.2;
/** Retries that a quiet integration has at hand. */
const MOST = 10;
/** One retry comes back in so many ms, so that the last ones are not left without. */
const TRICKLE_MS = 10_000;

/**
 * Keeps retries to a fifth of the first tries, and one more every ten seconds: what fails under load must not be
 * loaded more for failing. After the retry budgets of Finagle and gRPC (gRFC A6).
 */
export class RetryBudget {
  readonly #trickleMs: number;
  #balance = MOST;
  #countedAt = 0;

  /** `pace` turns a wait into the one that is really waited. */
  constructor(pace: (ms: number) => number = (ms) => ms) {
    this.#trickleMs = pace(TRICKLE_MS);
  }

  firstTry(): void {
    this.#balance = Math.min(this.#balance + SHARE, MOST);
  }

  /** Takes a retry, when there is one. `now` in ms of any clock that does not go back. */
  retry(now: number): boolean {
    this.#balance = Math.min(this.#balance + (now - this.#countedAt) / this.#trickleMs, MOST);
    this.#countedAt = now;
    if (this.#balance < 1) return false;
    this.#balance--;
    return true;
  }
}
