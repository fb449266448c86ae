import { afterAll, beforeAll, expect, test } from 'vitest';
import { people } from '../../src/sandbox/people.ts';
import type { Api } from '../support/api.ts';
import { endedBulk, itemsOf, requestBulk } from '../support/bulks.ts';
import { holders } from '../support/holders.ts';
import { startWorld, type World } from '../support/world.ts';

const SHARE = 0.2;

let world: World;
let learners: number[];

beforeAll(async () => {
  const caps = { perHour: { ADMIN: 5, MASTER: 100, RESALE: 20 }, sharePerDay: SHARE };
  world = await startWorld({ caps }, {}, { population: people(60) });
  learners = world.people.filter(({ learn }) => learn).map(({ number }) => number);
});

afterAll(() => world.close());

/** Asks to delete some at Learn. How many were, and the codes of the others. */
async function sweep(
  api: Api,
  numbers: readonly number[],
): Promise<[created: number, codes: (string | null)[]]> {
  const customerIds = numbers.map((number) => world.id(number));
  const id = await requestBulk(api, { customerIds, integrationIds: ['learn'] });
  const { state, counts } = await endedBulk(api, id);
  expect(state).toBe('COMPLETED');
  const refused = [...(await itemsOf(api, id)).values()].filter(({ result }) => result === 'REFUSED');
  return [counts.created, refused.map(({ code }) => code)];
}

async function roomFor(api: Api): Promise<[ofRole: number, atLearn: number]> {
  const { deletionPreview } = await api.data(
    `query ($id: ID!) { deletionPreview(input: { customerIds: [$id], integrationIds: ["learn"] }) {
      ... on DeletionPreview { capRoom integrations { capRoom } } } }`,
    { id: world.id(60) },
  );
  return [deletionPreview.capRoom, deletionPreview.integrations[0].capRoom];
}

test('a bulk does not get round the caps, which its preview tells, and says which customers they kept', async () => {
  const most = Math.floor(learners.length * SHARE);
  expect(await roomFor(world.admin)).toEqual([5, most]);
  expect(await sweep(world.admin, learners.slice(0, 8))).toEqual([5, ['CAP', 'CAP', 'CAP']]);
  expect(await roomFor(world.admin)).toEqual([0, most - 5]);
  expect(await sweep(world.admin, learners.slice(8, 10))).toEqual([0, ['CAP', 'CAP']]);

  const master = await world.as({ role: 'MASTER' });
  const [created, codes] = await sweep(master, learners.slice(10, 30));
  expect(created).toBe(most - 5);
  expect(new Set(codes)).toEqual(new Set(['CAP']));
  expect(await roomFor(master)).toEqual([100 - created, 0]);
  expect((await holders(world.vendors, world.people)).learn).toHaveLength(learners.length - most);
});
