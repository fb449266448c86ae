import { setTimeout } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Store } from '../store/store.ts';
import { integrate, type OnEntries } from './integrate.ts';

/** Under which the database tells of new entries. */
const KEY = 'audit';
const LOOK_EVERY_MS = 1_000;
/** Entries come in bursts: one transaction for all of them. */
const BURST_MS = 50;

/** Keeps giving entries their places in the tree, soon after they are written. `stop` waits for those of before. */
export function startIntegrator(store: Store, log: Logger, onEntries?: OnEntries): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const integrateAll = async (): Promise<void> => {
    try {
      while ((await integrate(store, onEntries)) > 0);
    } catch (err) {
      log.error({ err }, 'putting audit entries into the tree failed; it is tried again');
    }
  };
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      const changed = store.changes.next(KEY, LOOK_EVERY_MS, signal);
      await integrateAll();
      await changed;
      await setTimeout(BURST_MS, undefined, { signal }).catch(() => {
        // Stopping: no more entries to wait for.
      });
    }
    await integrateAll();
  };
  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
