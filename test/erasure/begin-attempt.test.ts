import { afterAll, beforeAll, expect, test } from 'vitest';
import { attemptsOf, beginAttempt, load } from '../../src/erasure/journal.ts';
import { ended, requestErasure } from '../support/erasures.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world.close());

test('of two processes that have seen the same attempts, one alone begins the next', async () => {
  const id = await requestErasure(world.admin, world.id(3), { integrationIds: ['learn'] });
  await ended(world.admin, id);
  const { store } = world.gateway;
  const { id: erasureId } = await store.db.selectFrom('erasure').select('id').executeTakeFirstOrThrow();
  const [task] = (await load(store.db, erasureId)).tasks;
  const seen = (await attemptsOf(store.db, erasureId)).map(({ number }) => number);
  const next = { kind: 'DELETE', number: Math.max(...seen) + 1 } as const;
  const begin = (): Promise<boolean> => store.transaction((tx) => beginAttempt(tx, task!, next, new Date()));
  expect(await Promise.all([begin(), begin(), begin()])).toEqual([true, false, false]);
  expect(await attemptsOf(store.db, erasureId)).toHaveLength(seen.length + 1);
});
