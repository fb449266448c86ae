import type { RateLimit } from '../providers/provider.ts';

/** A call may reach the provider so much later after it left than another one does. */
const LATER_MS = 30;

/**
 * Counts what this process really sent. Turns are times; a process that was held up has several due at once, and they
 * must not leave as a burst.
 */
export class SlidingWindow {
  readonly #requests: number;
  readonly #lengthMs: number;
  /** Times of the latest calls, the oldest at `#oldest` once all places are taken. */
  readonly #sent: number[] = [];
  #oldest = 0;

  constructor({ requests, perSeconds }: RateLimit) {
    this.#requests = requests;
    this.#lengthMs = perSeconds * 1000 + LATER_MS;
  }

  /** Counts a call as sent now, or says in how many ms there is room for it. */
  send(now: number): number {
    if (this.#sent.length < this.#requests) {
      this.#sent.push(now);
      return 0;
    }
    const wait = this.#sent[this.#oldest]! + this.#lengthMs - now;
    if (wait > 0) return wait;
    this.#sent[this.#oldest] = now;
    this.#oldest = (this.#oldest + 1) % this.#requests;
    return 0;
  }
}
