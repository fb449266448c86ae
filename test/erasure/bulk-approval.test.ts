import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { people } from '../../src/sandbox/people.ts';
import type { Api, GraphqlAnswer } from '../support/api.ts';
import { BULK, endedBulk, itemsOf, order, preview, requestBulk } from '../support/bulks.ts';
import { startWorld, type World } from '../support/world.ts';

const HOURS = 72;

let aheadMs = 0;
let world: World;
let approver: Api;

beforeAll(async () => {
  world = await startWorld(
    {
      bulk: { most: 50, approvalAbove: 2, approvalHours: HOURS },
      clock: { now: () => new Date(Date.now() + aheadMs) },
    },
    {},
    { population: people(60) },
  );
  approver = await world.as({ role: 'MASTER', subject: 'approver' });
});

afterAll(() => world.close());

const WHERE = { integrationIds: ['learn'] };

const three = (...numbers: number[]): object => ({
  customerIds: numbers.map((number) => world.id(number)),
  ...WHERE,
});

const approve = async (api: Api, bulkId: string, previewHash: string): Promise<GraphqlAnswer['data']> =>
  (
    await api.data(
      `mutation ($input: ApproveBulkInput!) { approveBulk(input: $input) {
        __typename
        ... on BulkPayload { bulk { ${BULK} } }
        ... on PreviewChangedError { more fewer preview { hash } }
        ... on BulkStateError { message bulk { state } } } }`,
      { input: { bulkId, previewHash } },
    )
  ).approveBulk;

const deletes = async (): Promise<number> => (await world.vendors.learn.deletes()).length;

const look = async (bulkId: string, api = approver): Promise<GraphqlAnswer['data']> =>
  preview(api, { bulkId });

describe('a bulk above the limit', () => {
  test('waits for somebody else, who confirms a look of their own; then it is carried out', async () => {
    const selection = three(3, 4, 5);
    const own = await preview(world.admin, selection);
    expect(own).toMatchObject({ customers: 3, needsApproval: true });
    const before = await deletes();
    const id = await requestBulk(world.admin, selection);
    const { bulk } = await world.admin.data(
      'query ($id: ID!) { bulk(id: $id) { state approvalExpiresAt } }',
      { id },
    );
    expect(bulk.state).toBe('AWAITING_APPROVAL');
    expect(Date.parse(bulk.approvalExpiresAt) - Date.now()).toBeGreaterThan((HOURS - 1) * 3_600_000);

    expect(await approve(world.admin, id, (await look(id, world.admin)).hash)).toMatchObject({
      __typename: 'BulkStateError',
      bulk: { state: 'AWAITING_APPROVAL' },
    });
    for (const hash of [own.hash, (await look(id, world.admin)).hash, 'made up'])
      expect(await approve(approver, id, hash)).toEqual({ __typename: 'PreviewExpiredError' });
    expect(await order(world.admin, 'pauseBulk', id)).toMatchObject({ __typename: 'BulkStateError' });
    expect(await deletes()).toBe(before);

    const seen = await look(id);
    expect(seen).toMatchObject({ customers: 3, notFound: 0 });
    expect((await approve(approver, id, seen.hash)).bulk).toMatchObject({ decidedBy: 'approver' });
    expect(await endedBulk(world.admin, id)).toMatchObject({ state: 'COMPLETED', counts: { completed: 3 } });
    expect(await approve(approver, id, seen.hash)).toMatchObject({ __typename: 'BulkStateError' });
  });

  test('is approved for those alone whom the approver has seen', async () => {
    const reseller = await world.as({ role: 'RESALE', manager: 'glacier', subject: 'glacier-1' });
    const numbers = world.people.filter(({ manager, learn }) => manager === 'glacier' && learn);
    const [first, second, third] = numbers.slice(5).map(({ number }) => number);
    const id = await requestBulk(reseller, three(first!, second!, third!));
    const { hash } = await look(id);
    await world.admin.data(
      `mutation ($id: ID!) { assignManager(input: { customerId: $id, managerId: "meadow" }) { __typename } }`,
      { id: world.id(second!) },
    );
    const changed = await approve(approver, id, hash);
    expect(changed).toMatchObject({ __typename: 'PreviewChangedError', more: 0, fewer: 1 });
    expect(await look(id)).toMatchObject({ customers: 2, notFound: 1 });
    await approve(approver, id, changed.preview.hash);
    await world.admin.data(
      `mutation ($id: ID!) { assignManager(input: { customerId: $id, managerId: "glacier" }) { __typename } }`,
      { id: world.id(second!) },
    );
    expect((await endedBulk(reseller, id)).counts).toMatchObject({ completed: 2, refused: 1 });
    expect((await itemsOf(reseller, id)).get(world.id(second!))).toMatchObject({ code: 'CHANGED' });
  });

  test('is denied, and nothing is deleted', async () => {
    const before = await deletes();
    const id = await requestBulk(world.admin, three(10, 12, 13));
    expect(await order(world.admin, 'denyBulk', id)).toMatchObject({ __typename: 'BulkStateError' });
    expect((await order(approver, 'denyBulk', id)).bulk).toMatchObject({
      state: 'DENIED',
      decidedBy: 'approver',
      decisionReason: 'a test',
      counts: { pending: 0, refused: 3 },
    });
    expect([...(await itemsOf(world.admin, id)).values()].map(({ code }) => code)).toEqual(
      Array(3).fill('DENIED'),
    );
    expect(await deletes()).toBe(before);
  });

  test('is denied by itself when the time to approve it is over, and cannot be approved then', async () => {
    const before = await deletes();
    const [approved, forgotten] = [
      await requestBulk(world.admin, three(10, 12, 13)),
      await requestBulk(world.admin, three(10, 12, 13)),
    ];
    aheadMs = HOURS * 3_600_000 + 1_000;
    const { hash } = await look(approved);
    expect(await approve(approver, approved, hash)).toMatchObject({
      __typename: 'BulkStateError',
      bulk: { state: 'DENIED' },
    });
    await world.admin.data(
      'mutation { resumeErasures(input: { reason: "wakes who waits" }) { __typename } }',
    );
    expect(await endedBulk(world.admin, forgotten)).toMatchObject({ state: 'DENIED', decidedBy: 'gateway' });
    aheadMs = 0;
    expect(await deletes()).toBe(before);
  });

  test('can be canceled by who asked for it', async () => {
    const id = await requestBulk(world.admin, three(10, 12, 13));
    await order(world.admin, 'cancelBulk', id);
    expect(await endedBulk(world.admin, id)).toMatchObject({ state: 'CANCELED', counts: { refused: 3 } });
    expect(await approve(approver, id, 'any')).toMatchObject({ __typename: 'BulkStateError' });
  });
});

test('a bulk below the limit waits for nobody; resellers approve nothing', async () => {
  const id = await requestBulk(world.admin, three(10, 12));
  expect((await endedBulk(world.admin, id)).counts).toMatchObject({ completed: 2 });
  const reseller = await world.as({ role: 'RESALE', manager: 'alpine' });
  const refused = await reseller.send(
    'mutation { approveBulk(input: { bulkId: "x", previewHash: "x" }) { __typename } }',
  );
  expect(refused.errors[0]!.extensions).toMatchObject({ code: 'FORBIDDEN' });
});
