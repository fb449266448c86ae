import { setTimeout as sleep } from 'node:timers/promises';
import type { Advance } from './engine.ts';

/** So long a process goes on before the engine looks again whether the work is still its own. */
const ALONE_MS = 2_000;
/** A wait that is not worth its being written down; whatever wakes the work meanwhile is seen after it. */
const SHORT_WAIT_MS = 1_000;

/**
 * Takes steps until there is something to write down: the tables tell which step comes next, so what the engine writes
 * after each would only be written in vain.
 */
export async function goOn(step: () => Promise<Advance>, isStopped: () => boolean): Promise<Advance> {
  const end = performance.now() + ALONE_MS;
  for (;;) {
    const next = await step();
    const waitMs = next.do === 'WAIT' ? next.until - Date.now() : 0;
    const goesOn = next.do === 'CONTINUE' || (next.do === 'WAIT' && waitMs <= SHORT_WAIT_MS);
    if (!goesOn || isStopped() || performance.now() + waitMs > end) return next;
    if (waitMs > 0) await sleep(waitMs);
    if (isStopped()) return next;
  }
}
