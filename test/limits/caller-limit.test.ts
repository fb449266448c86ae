import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registerManager } from '../../src/customer/managers.ts';
import { CallerLimit, type Spending } from '../../src/limits/caller-limit.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { StandingClock } from '../support/standing-clock.ts';
import { emptyStore } from '../support/world.ts';

let store: Store;

beforeAll(async () => {
  store = await openStore(emptyStore());
  await registerManager(store, { id: 'top', parentId: null, name: 'Top' });
  await registerManager(store, { id: 'left', parentId: 'top', name: 'Left' });
  await registerManager(store, { id: 'right', parentId: 'top', name: 'Right' });
  await registerManager(store, { id: 'other', parentId: null, name: 'Other' });
});

afterAll(() => store.close());

const clock = new StandingClock();

const limitOf = (caller: number, manager = 1_000_000): CallerLimit =>
  new CallerLimit(store.db, { caller, manager }, clock);

const alone = (subject: string) => ({ subject, manager: null });
const granted = ({ retryAt }: Spending): boolean => retryAt === null;

/** How often so many points are granted, asked for all at once. */
async function grants(
  limits: readonly CallerLimit[],
  subject: string,
  asked: number,
  points = 1,
): Promise<number> {
  const all = Array.from({ length: asked }, (_, i) =>
    limits[i % limits.length]!.spend(alone(subject), points),
  );
  return (await Promise.all(all)).filter(granted).length;
}

describe('a caller', () => {
  test('spends a minute’s worth at once, and no more', async () => {
    expect(await grants([limitOf(600)], 'at-once', 700)).toBe(600);
  });

  test('shares it over all processes', async () => {
    const both = [limitOf(600), limitOf(600)];
    const first = await grants(both, 'both', 700);
    expect(first).toBeLessThanOrEqual(600);
    expect(first).toBeGreaterThanOrEqual(600 - 10); // a second's worth may lie with the other process
    expect(await grants([limitOf(600)], 'both', 20)).toBe(0);
  });

  test('gets it back by and by, and is told when', async () => {
    const limit = limitOf(60);
    expect(granted(await limit.spend(alone('back'), 60))).toBe(true);
    const refused = await limit.spend(alone('back'), 10);
    expect(refused.standings).toMatchObject([{ name: 'caller', perMinute: 60, left: 0 }]);
    const waitMs = refused.retryAt!.getTime() - clock.now().getTime();
    expect(waitMs).toBeGreaterThan(9_000);
    expect(waitMs).toBeLessThanOrEqual(10_000);
    clock.forward(waitMs - 1_000);
    expect(granted(await limit.spend(alone('back'), 10))).toBe(false);
    clock.forward(1_100);
    expect(granted(await limit.spend(alone('back'), 10))).toBe(true);
    clock.forward(3_600_000);
    expect(await grants([limit], 'back', 100)).toBe(60);
  });

  test('pays the price, and all of the limit where the price is more', async () => {
    expect(await grants([limitOf(600)], 'dear', 10, 100)).toBe(6);
    const limit = limitOf(60);
    expect(granted(await limit.spend(alone('dearer'), 1_000))).toBe(true);
    expect(granted(await limit.spend(alone('dearer'), 1))).toBe(false);
  });

  test('spends nothing of another’s', async () => {
    const limit = limitOf(60);
    await limit.spend(alone('spender'), 60);
    expect(granted(await limit.spend(alone('saver'), 60))).toBe(true);
  });

  test('is told what is left', async () => {
    const limit = limitOf(600);
    const lefts = [1, 9, 100, 1].map(
      async (points) => (await limit.spend(alone('told'), points)).standings[0]!.left,
    );
    expect(await Promise.all(lefts)).toEqual([599, 590, 490, 489]);
  });

  test('does not stand in the store by name', async () => {
    await limitOf(600).spend(alone('somebody@example.com'), 1);
    const rows = await store.db.selectFrom('caller_limit').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain('somebody');
  });
});

describe('the callers of one tree of managers', () => {
  test('share one limit, whatever manager they act for', async () => {
    const limit = limitOf(1_000_000, 60);
    const spend = async (manager: string, points: number): Promise<boolean> =>
      granted(await limit.spend({ subject: `of ${manager}`, manager }, points));
    expect(await spend('left', 30)).toBe(true);
    expect(await spend('right', 30)).toBe(true);
    expect(await spend('top', 10)).toBe(false);
    expect(await spend('other', 60)).toBe(true);
    expect(await spend('nobody-knows', 60)).toBe(true);
  });

  test('spend nothing of their own where the tree has nothing left', async () => {
    clock.forward(120_000);
    const limit = limitOf(60, 60);
    expect(granted(await limit.spend({ subject: 'a', manager: 'left' }, 60))).toBe(true);
    const refused = await limit.spend({ subject: 'b', manager: 'right' }, 1);
    expect(granted(refused)).toBe(false);
    expect(refused.standings).toMatchObject([
      { name: 'caller', left: 60 },
      { name: 'manager', left: 0 },
    ]);
    const elsewhere = limitOf(60, 60);
    expect(granted(await elsewhere.spend(alone('b'), 60))).toBe(true);
  });
});

test('neither a busy caller nor one who is refused reaches the store with every request', async () => {
  let statements = 0;
  const counting = store.db.withPlugin({
    transformQuery: ({ node }) => node,
    transformResult: ({ result }) => {
      statements++;
      return Promise.resolve(result);
    },
  });
  const limit = new CallerLimit(counting, { caller: 6_000, manager: 6_000 }, clock);
  for (let i = 0; i < 1_000; i++) await limit.spend(alone('busy'), 1);
  expect(statements).toBeLessThanOrEqual(11);
  expect(granted(await limit.spend(alone('busy'), 4_000))).toBe(true);
  statements = 0;
  for (let i = 0; i < 1_000; i++) expect(granted(await limit.spend(alone('busy'), 2_000))).toBe(false);
  expect(statements).toBe(1);
  expect(granted(await limit.spend(alone('busy'), 900))).toBe(true);
});
