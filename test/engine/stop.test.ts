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

/** Resolves once every piece of work has been taken up by the next engine, which then ends it. */
async function resumed(ids: readonly string[]): Promise<void> {
  const taken = new Set<string>();
  const engine = await start((id) => {
    taken.add(id);
    return Promise.resolve({ do: 'END' });
  });
  await vi.waitUntil(() => ids.every((id) => taken.has(id)), PATIENTLY);
  await engine.stop();
}

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

    await resumed(ids);
  },
);

test.each(['ERROR', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED'])(
  'work that DBOS has ended as %s begins again',
  async (status) => {
    const id = `given-up-${status}`;
    const began = vi.fn();
    const engine = await start(() => {
      began();
      return Promise.resolve({ do: 'WAIT', until: Date.now() + 3_600_000 });
    });
    await store.transaction((tx) => engine.enqueue(tx, 'job', id));
    await vi.waitUntil(() => began.mock.calls.length > 0, PATIENTLY);
    await engine.stop();
    const end = 'update dbos.workflow_status set status = $1 where workflow_uuid = $2';
    await store.pool.query(end, [status, id]);
    await resumed([id]);
  },
);
