import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore, type Store } from '../../src/store/store.ts';
import { emptyStore } from '../support/world.ts';
import { EXAMPLES, PLAIN } from './model/examples.ts';
import { play, playMany } from './model/play.ts';

const RUNS = 30;
const TIMEOUT_MS = 300_000;

let store: Store;

beforeAll(async () => {
  store = await openStore(emptyStore());
});

afterAll(() => store.close());

test.each(Object.entries(EXAMPLES))(
  'nothing is wrong when %s',
  async (_name, { setting, commands, comesTo }) => {
    expect(await play(store, setting ?? PLAIN, commands)).toContain(`erasure ${comesTo}`);
  },
);

test(
  'an erasure keeps its promises, whatever operators, workers, providers and time do in whatever order',
  async () => {
    expect([...(await playMany(store, RUNS))]).not.toEqual([]);
  },
  TIMEOUT_MS,
);
