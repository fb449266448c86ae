import { afterAll, beforeAll, expect, test } from 'vitest';
import { IntegrationGate } from '../../src/limits/integration-gate.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { emptyStore } from '../support/world.ts';
import { LIMIT, mostInASecond } from './offer.ts';

const CALLS = 240;

let store: Store;

beforeAll(async () => {
  store = await openStore(emptyStore());
});

afterAll(() => store.close());

/** When each of many calls was made that wait at so many gates of one integration, as many processes would have. */
async function timesThrough(gates: number): Promise<number[]> {
  const all = Array.from(
    { length: gates },
    () =>
      new IntegrationGate({
        id: `asked by ${gates}`,
        provider: 'TEST',
        rateLimit: LIMIT,
        concurrency: undefined,
        db: store.db,
        pace: (ms) => ms,
        log: { warn: () => {} },
      }),
  );
  const times: number[] = [];
  const call = (): Promise<void> => Promise.resolve(void times.push(Date.now()));
  const oneByOne = async (gate: IntegrationGate): Promise<void> => {
    while (times.length < CALLS) await gate.pass('call', AbortSignal.timeout(20_000), call);
  };
  await Promise.all(Array.from({ length: 15 }, (_, i) => oneByOne(all[i % gates]!)));
  return times.toSorted((a, b) => a - b).slice(0, CALLS);
}

test.each([1, 3])('whoever waits at %i gates uses nearly all of the limit, and never more', async (gates) => {
  const times = await timesThrough(gates);
  expect(mostInASecond(times)).toBeLessThanOrEqual(LIMIT.requests);
  const perSecond = ((times.length - 1) * 1000) / (times.at(-1)! - times[0]!);
  expect(perSecond).toBeGreaterThanOrEqual(0.95 * LIMIT.requests);
});
