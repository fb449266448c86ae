import type { Clock } from '../../src/clock.ts';

/** A time that stands still until a test moves it. */
export class StandingClock implements Clock {
  #ms = Date.now();

  now(): Date {
    return new Date(this.#ms);
  }

  forward(ms: number): void {
    this.#ms += ms;
  }
}
