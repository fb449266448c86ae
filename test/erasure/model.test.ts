import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore, type Store } from '../../src/store/store.ts';
import { emptyStore } from '../support/world.ts';
import { playMany, T, N } from './model.ts';

let store: Store;

beforeAll(async () => {
  store = await openStore(emptyStore());
});

afterAll(() => store.close());

test('whatever operators, workers, providers and time do, in whatever order, an erasure keeps its promises', async () => {
  const start = performance.now();
  const seen = await playMany(store, Number(process.env.RUNS ?? 60));
  console.log([...seen].toSorted().join('\n'), performance.now() - start);
  expect(seen.size).toBeGreaterThan(0);
}, 1200_000);
