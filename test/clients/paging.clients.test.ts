import { afterAll, beforeAll, expect, test } from 'vitest';
import { people } from '../../src/sandbox/people.ts';
import { erase } from '../support/erasures.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;

beforeAll(async () => {
  // Nobody whom a subscription keeps from being erased.
  const population = people(40).filter(({ vpn }) => !vpn?.activeSubscription);
  world = await startWorld({}, {}, { population });
});

afterAll(() => world.close());

interface Edge {
  cursor: string;
  node: { id: string };
}

interface Page {
  edges: Edge[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
}

async function page(args: string): Promise<Page> {
  const { customers } = await world.admin.data(`{
    customers(${args}) {
      edges { cursor node { id } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }`);
  return customers;
}

const SIZE = 9;

/** Pages, in the order of the list, from its start to its end or the other way. `between` is run after each page. */
async function walk(way: 'forward' | 'backward', between: (seen: Edge[]) => Promise<void>): Promise<Edge[]> {
  let seen: Edge[] = [];
  let next: string | null = way === 'forward' ? `first: ${SIZE}` : `last: ${SIZE}`;
  while (next) {
    const { edges, pageInfo }: Page = await page(next);
    seen = way === 'forward' ? [...seen, ...edges] : [...edges, ...seen];
    if (way === 'forward')
      next = pageInfo.hasNextPage ? `first: ${SIZE}, after: "${pageInfo.endCursor}"` : null;
    else next = pageInfo.hasPreviousPage ? `last: ${SIZE}, before: "${pageInfo.startCursor}"` : null;
    await between(seen);
  }
  return seen;
}

const idsOf = (edges: readonly Edge[]): string[] => edges.map(({ node }) => node.id);

const everyone = async (): Promise<Edge[]> => walk('forward', async () => {});

let added = 0;

async function add(): Promise<void> {
  const { registerCustomer } = await world.admin.data(
    `mutation { registerCustomer(input: { email: "added.${++added}@example.com" }) { __typename } }`,
  );
  expect(registerCustomer.__typename).toBe('CustomerPayload');
}

test.each(['forward', 'backward'] as const)(
  'paging %s while customers come and go repeats nothing, and misses nobody who stays',
  async (way) => {
    const before = await everyone();
    let pages = 0;
    const seen = await walk(way, async (edges) => {
      await add();
      const ids = idsOf(edges);
      const unseen = idsOf(await everyone()).find((id) => !ids.includes(id));
      if (unseen) await erase(world.admin, unseen);
      // At every second page also the one whose cursor comes next.
      if (pages++ % 2 === 0) await erase(world.admin, way === 'forward' ? ids.at(-1)! : ids[0]!);
    });
    const stayed = new Set(idsOf(await everyone()));
    expect(idsOf(before).filter((id) => !stayed.has(id)).length).toBeGreaterThan(0);
    expect(new Set(idsOf(seen)).size).toBe(seen.length);
    expect(idsOf(before).filter((id) => stayed.has(id) && !idsOf(seen).includes(id))).toEqual([]);
  },
);

test('a cursor is of its customer, wherever the page begins, and tells nothing', async () => {
  const forward = await everyone();
  const backward = await walk('backward', async () => {});
  expect(backward).toEqual(forward);
  const [start] = (await page(`first: 1, after: "${forward[3]!.cursor}"`)).edges;
  expect(start).toEqual(forward[4]);
  for (const { cursor } of forward) expect(cursor).toMatch(/^[\w-]{20,}$/);
});

test.each([
  ['first: 2', 'hasNextPage', true],
  ['first: 100', 'hasNextPage', false],
  ['last: 2', 'hasPreviousPage', true],
  ['last: 100', 'hasPreviousPage', false],
] as const)('a page of %s: %s is %s', async (args, name, value) => {
  expect((await page(args)).pageInfo[name]).toBe(value);
});

test('a page with nobody in it has no cursors', async () => {
  const { endCursor } = (await page('last: 1')).pageInfo;
  for (const nobody of [
    `first: 5, after: "${endCursor}"`,
    'first: 5, filter: { email: "nobody@example.com" }',
  ])
    expect(await page(nobody)).toMatchObject({
      edges: [],
      pageInfo: { hasNextPage: false, startCursor: null, endCursor: null },
    });
});
