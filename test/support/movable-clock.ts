import type { Clock } from '../../src/clock.ts';

/** The present, moved forward as a test likes. */
export class MovableClock implements Clock {
  #ahead = 0;

  now(): Date {
    return new Date(Date.now() + this.#ahead);
  }

  forward(ms: number): void {
    this.#ahead += ms;
  }
}
