import { afterAll, beforeAll, expect, test } from 'vitest';
import { people } from '../../src/sandbox/people.ts';
import type { GraphqlAnswer } from '../support/api.ts';
import { changes, endedBulk, itemsOf, order, requestBulk } from '../support/bulks.ts';
import { startWorld, type World } from '../support/world.ts';

/** So many erasures of one bulk go on at the same time. */
const MOST_OPEN = 20;
const WHERE = { integrationIds: ['vpn'] };

let world: World;
let numbers: number[];

beforeAll(async () => {
  world = await startWorld({}, {}, { population: people(130) });
  numbers = world.people.filter(({ vpn }) => vpn && !vpn.activeSubscription).map(({ number }) => number);
});

afterAll(() => world.close());

const next = (count: number): { customerIds: string[] } => ({
  customerIds: numbers.splice(0, count).map((number) => world.id(number)),
});

const deletes = async (): Promise<number> => (await world.vendors.vpn.deletes()).length;

/** A bulk that has begun as many erasures as it may, none of which can delete until the vendor lets it. */
async function stalled(count: number): Promise<{ id: string; seen: GraphqlAnswer['data'] }> {
  await world.vendors.vpn.fault({ kind: 'RATE_LIMIT', method: 'DELETE', retryAfterSeconds: 3 });
  const id = await requestBulk(world.admin, { ...next(count), ...WHERE });
  const [seen] = (await changes(world.admin, id, 0, ({ counts }) => counts.created === MOST_OPEN)).slice(-1);
  return { id, seen };
}

const turnSwitch = (mutation: string): Promise<GraphqlAnswer['data']> =>
  world.admin.data(`mutation { ${mutation}(input: { reason: "a test" }) { __typename } }`);

test('a paused bulk begins nothing more; what it has begun goes on; resumed it goes on to its end', async () => {
  const { id } = await stalled(24);
  const paused = await order(world.admin, 'pauseBulk', id);
  expect(paused.bulk).toMatchObject({ state: 'PAUSED', pausedBy: 'ADMIN', pauseReason: 'a test' });
  expect((await order(world.admin, 'pauseBulk', id)).bulk).toMatchObject({ state: 'PAUSED' });
  await world.vendors.vpn.fault();
  await changes(world.admin, id, 0, ({ counts }) => counts.open === 0);
  const { bulk } = await world.admin.data(
    'query ($id: ID!) { bulk(id: $id) { state counts { created pending } } }',
    {
      id,
    },
  );
  expect(bulk).toEqual({ state: 'PAUSED', counts: { created: MOST_OPEN, pending: 4 } });

  expect((await order(world.admin, 'resumeBulk', id)).bulk).toMatchObject({
    state: 'RUNNING',
    pausedBy: null,
  });
  expect(await endedBulk(world.admin, id)).toMatchObject({
    state: 'COMPLETED',
    counts: { created: 24, completed: 24 },
  });
  for (const mutation of ['pauseBulk', 'resumeBulk', 'cancelBulk'])
    expect(await order(world.admin, mutation, id)).toMatchObject({
      __typename: 'BulkStateError',
      bulk: { state: 'COMPLETED' },
    });
}, 60_000);

test('the stop switch for all erasures stops a bulk too, and turned off lets it go on', async () => {
  await turnSwitch('pauseErasures');
  const before = await deletes();
  const id = await requestBulk(world.admin, { ...next(3), ...WHERE });
  await new Promise((resolve) => setTimeout(resolve, 500));
  const [now] = await changes(world.admin, id, 0, () => true);
  expect(now.counts).toMatchObject({ pending: 3, created: 0 });
  expect(await deletes()).toBe(before);
  await turnSwitch('resumeErasures');
  expect((await endedBulk(world.admin, id)).counts).toMatchObject({ completed: 3 });
});

test('a canceled bulk refuses what has not begun and stops what has; nothing of either is deleted', async () => {
  const before = await deletes();
  const { id } = await stalled(24);
  const refused = (await deletes()) - before;
  const canceled = await order(world.admin, 'cancelBulk', id);
  expect(canceled.bulk.counts).toMatchObject({ pending: 0, refused: 4 });
  const bulk = await endedBulk(world.admin, id);
  expect(bulk).toMatchObject({
    state: 'CANCELED',
    counts: { created: MOST_OPEN, canceled: MOST_OPEN, refused: 4 },
  });
  const codes = [...(await itemsOf(world.admin, id)).values()].map(({ code }) => code);
  expect(codes.filter((code) => code === 'CANCELED')).toHaveLength(4);
  await world.vendors.vpn.fault();
  const state = await world.vendors.vpn.state<{
    customers: { userId: string; deletedAt: string | null }[];
  }>();
  const asked = new Set(
    (await world.vendors.vpn.deletes()).slice(before).map((path) => path.split('/').pop()),
  );
  expect(refused).toBeGreaterThan(0);
  expect(state.customers.filter(({ userId, deletedAt }) => asked.has(userId) && deletedAt)).toEqual([]);
}, 60_000);

test('the progress of a bulk grows, ends with it, and is resumed where it was left', async () => {
  const id = await requestBulk(world.admin, { ...next(8), ...WHERE });
  const first = await changes(world.admin, id, 0, ({ counts }) => counts.completed > 0);
  const rest = await changes(world.admin, id, first.at(-1).sequence);
  const all = [...first, ...rest];
  const sequences = all.map(({ sequence }) => sequence);
  expect(sequences).toEqual([...new Set(sequences)].toSorted((a, b) => a - b));
  const done = all.map(({ counts }) => counts.completed);
  expect(done).toEqual(done.toSorted((a, b) => a - b));
  for (const { counts } of all) {
    expect(counts.pending + counts.created + counts.alreadyOpen + counts.refused).toBe(8);
    expect(counts.open + counts.completed).toBe(counts.created);
  }
  expect(all.at(-1)).toMatchObject({ state: 'COMPLETED', counts: { completed: 8 } });
  expect(await changes(world.admin, id, all.at(-1).sequence)).toEqual([]);
  expect(await changes(world.admin, id)).toEqual([all.at(-1)]);
});
