import pino from 'pino';
import { afterAll, beforeAll, test, vi } from 'vitest';
import { startEngine, type Advance, type Job } from '../../src/engine/engine.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { emptyStore } from '../support/world.ts';

const PATIENTLY = { timeout: 20_000 };

let store: Store;

beforeAll(async () => {
  store = await openStore(emptyStore());
});

afterAll(() => store.close());

const start = (job: Job) => startEngine({ store, log: pino({ level: 'silent' }), pace: (ms) => ms }, { job });

test.each(['CONTINUE', 'WAIT'] as const)(
  'work that goes from step to step by %s while the engine stops goes on at the next start',
  async (how) => {
    const ids = Array.from({ length: 20 }, (_, i) => `${how}-${i}`);
    const steps = new Map<string, number>();
    const engine = await start((id) => {
      steps.set(id, (steps.get(id) ?? 0) + 1);
      const next: Advance = how === 'WAIT' ? { do: how, until: Date.now() } : { do: how };
      return Promise.resolve(next);
    });
    await store.transaction(async (tx) => {
      for (const id of ids) await engine.enqueue(tx, 'job', id);
    });
    await vi.waitUntil(() => steps.size === ids.length, PATIENTLY);
    await engine.stop();

    const resumed = new Set<string>();
    const next = await start((id) => {
      resumed.add(id);
      return Promise.resolve({ do: 'END' });
    });
    await vi.waitUntil(() => resumed.size === ids.length, PATIENTLY);
    await next.stop();
  },
);
