import type { Event } from './documents.ts';

const TRIES = 5;
const WAIT_MS = 500;

/** Opens a stream of what comes after an event. Resolves when it is complete; rejects when it broke off. */
export type Open = (after: number, next: (event: Event) => void) => Promise<unknown>;

/** All that happens in an erasure until it ends. A stream that breaks off is taken up after the last event that came. */
export async function follow(open: Open, show: (event: Event) => void): Promise<void> {
  let last = 0;
  for (let tries = 1; ; tries++) {
    try {
      await open(last, (event) => {
        // urql gives the last result once more when a stream is complete.
        if (event.sequence > last) show(event);
        last = event.sequence;
      });
      return;
    } catch (error) {
      if (tries === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, tries * WAIT_MS));
    }
  }
}
