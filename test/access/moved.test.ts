import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { people } from '../../src/sandbox/people.ts';
import type { Api } from '../support/api.ts';
import { PROGRESS } from '../support/documents.ts';
import { ended, requestErasure } from '../support/erasures.ts';
import { MovableClock } from '../support/movable-clock.ts';
import { startWorld, type World } from '../support/world.ts';

const DAY_MS = 86_400_000;
const AT_ONCE_MS = 2_000;
const QUIET_MS = 300;

const clock = new MovableClock();
let world: World;
let glacier: Api;
/** Customers of glacier's. */
let own: number[];

beforeAll(async () => {
  world = await startWorld({ clock }, {}, { population: people(40) });
  glacier = await world.as({ role: 'RESALE', manager: 'glacier' });
  own = world.people
    .filter(({ manager, learn }) => manager === 'glacier' && learn)
    .map(({ number }) => number);
});

afterAll(() => world.close());

const next = (): string => world.id(own.shift()!);

async function move(customerId: string, managerId: string): Promise<void> {
  const { assignManager } = await world.admin.data(
    'mutation ($input: AssignManagerInput!) { assignManager(input: $input) { __typename } }',
    { input: { customerId, managerId } },
  );
  expect(assignManager).toEqual({ __typename: 'CustomerPayload' });
}

/** Until nothing has been announced about an erasure for a while: a stream that is opened then waits for news. */
async function quiet(erasureId: string): Promise<void> {
  const id = Buffer.from(erasureId, 'base64url').toString().split(':')[1]!;
  const { changes } = world.gateway.store;
  let since: number;
  do {
    since = Date.now();
    await changes.next(id, QUIET_MS, new AbortController().signal);
  } while (Date.now() - since < QUIET_MS);
}

const scheduled = (customerId: string): Promise<string> =>
  requestErasure(glacier, customerId, {
    integrationIds: ['learn'],
    scheduledFor: new Date(clock.now().getTime() + DAY_MS).toISOString(),
  });

test('whose a customer was before is not told to whose it is now', async () => {
  const id = next();
  await move(id, 'meadow');
  await move(id, 'glacier');
  const { auditLog } = await glacier.data(
    'query ($id: ID!) { auditLog(customerId: $id) { edges { node { id action details } } } }',
    { id },
  );
  const assigned = (managerId: string | null) => ({
    node: { action: 'customer.assigned', details: { managerId } },
  });
  const [before, now] = auditLog.edges.slice(-2);
  expect([before, now]).toMatchObject([assigned(null), assigned('glacier')]);
  const proof = async (entryId: string): Promise<string | undefined> => {
    const inclusion = 'query ($entryId: ID!) { auditInclusion(entryId: $entryId) { leaf } }';
    return (await glacier.data(inclusion, { entryId })).auditInclusion?.leaf;
  };
  await vi.waitUntil(() => proof(now.node.id), { timeout: 10_000 });
  expect(await proof(before.node.id)).toBeUndefined();
});

test('a customer that was moved is gone at the next question, with all that is known of it', async () => {
  const id = next();
  const erasureId = await scheduled(id);
  const look = `query ($id: ID!, $erasureId: ID!) {
    customer(id: $id) { id } erasure(id: $erasureId) { id } nodes(ids: [$id, $erasureId]) { id }
    erasures(customerId: $id) { edges { node { id } } } auditLog(customerId: $id) { edges { node { id } } } }`;
  const before = await glacier.data(look, { id, erasureId });
  expect(before).toMatchObject({
    customer: { id },
    erasure: { id: erasureId },
    nodes: [{ id }, { id: erasureId }],
  });
  await move(id, 'meadow');
  expect(await glacier.data(look, { id, erasureId })).toEqual({
    customer: null,
    erasure: null,
    nodes: [null, null],
    erasures: { edges: [] },
    auditLog: { edges: [] },
  });
});

test('a stream about it ends at once, and tells nothing more', async () => {
  const id = next();
  const erasureId = await scheduled(id);
  await quiet(erasureId);
  let movedAt: number | undefined;
  const results = await glacier.watch(PROGRESS, { id: erasureId }, () => {
    if (movedAt === undefined) void move(id, 'meadow');
    movedAt ??= Date.now();
    return false;
  });
  expect(Date.now() - movedAt!).toBeLessThan(AT_ONCE_MS);
  const [last, ...shown] = results.toReversed();
  expect(last!.errors).toMatchObject([
    { message: 'There is no such erasure.', extensions: { code: 'BAD_USER_INPUT' } },
  ]);
  expect(shown.filter(({ errors }) => errors.length > 0)).toEqual([]);
});

test('an erasure that its old manager asked for deletes nothing any more', async () => {
  const id = next();
  const erasureId = await scheduled(id);
  await move(id, 'meadow');
  await world.vendors.learn.forget();
  clock.forward(DAY_MS + 60_000);
  await world.admin.data(
    `mutation { resumeErasures(input: { reason: "look at the clock" }) { __typename } }`,
  );
  const erasure = await ended(world.admin, erasureId);
  expect(erasure.tasks).toMatchObject([{ state: 'BLOCKED', errorCode: 'NOT_AUTHORISED', outcome: null }]);
  expect(await world.vendors.learn.deletes()).toEqual([]);
});
