import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { paceOf } from '../../src/limits/pace.ts';
import { SharedRateLimit } from '../../src/limits/shared-rate-limit.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { emptyStore } from '../support/world.ts';

let store: Store;

beforeAll(async () => {
  store = await openStore(emptyStore());
});

afterAll(() => store.close());

/** Turns as times from now, in ms; null where one has to come back. */
async function turns(limit: SharedRateLimit, count: number): Promise<(number | null)[]> {
  const taken = await Promise.all(Array.from({ length: count }, () => limit.turn()));
  return taken.map((turn) => ('waitMs' in turn ? turn.waitMs : null));
}

const limitOf = (name: string, requests: number, perSeconds: number, maxWaitMs = 60_000): SharedRateLimit =>
  new SharedRateLimit(store.db, name, paceOf({ requests, perSeconds }), maxWaitMs);

describe('a limit by the second', () => {
  test('gives two processes turns one after the other, none in the place of another', async () => {
    const both = [limitOf('shared', 50, 1), limitOf('shared', 50, 1)];
    const started = performance.now();
    const taken = (await Promise.all(both.map((limit) => turns(limit, 30)))).flat() as number[];
    const spent = performance.now() - started;
    const times = taken.toSorted((a, b) => a - b);
    const interval = paceOf({ requests: 50, perSeconds: 1 }).intervalMs;
    expect(times.at(-1)!).toBeGreaterThan(59 * interval - spent - 1);
    for (let i = 50; i < times.length; i++) expect(times[i]! - times[i - 50]! + spent).toBeGreaterThan(1000);
  });

  test('tells whoever would wait too long when to come back, and keeps no turn for them', async () => {
    const limit = limitOf('busy', 10, 1, 500);
    const asked = await turns(limit, 16);
    expect(asked.filter((wait) => wait !== null).every((wait) => wait <= 500)).toBe(true);
    expect(asked.filter((wait) => wait === null).length).toBeGreaterThan(8);
    const turn = await limit.turn();
    expect('retryAt' in turn && turn.retryAt.getTime() - Date.now()).toBeGreaterThan(500);
    const again = await limit.turn();
    expect(again).toEqual(turn);
  });

  test('begins only when the provider said, for every process', async () => {
    const until = new Date(Date.now() + 300);
    await limitOf('told', 100, 1).closeUntil(until);
    const [wait] = await turns(limitOf('told', 100, 1), 1);
    expect(wait!).toBeGreaterThan(150);
    expect(wait!).toBeLessThanOrEqual(300);
  });
});

describe('a limit by the hour', () => {
  test('lets half of it go at once and spreads the rest, so that no hour has more', async () => {
    const limit = limitOf('hourly', 100, 3600, 7_200_000);
    const taken = (await turns(limit, 60)) as number[];
    expect(taken.slice(0, 50).every((wait) => wait === 0)).toBe(true);
    const spread = (3600 * 1000) / 50;
    expect(Math.round(taken.at(-1)! / spread)).toBe(10);
  });
});
