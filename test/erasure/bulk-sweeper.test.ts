import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { VendorName } from '../../src/commands/launch-sandbox.ts';
import { people, type Person } from '../../src/sandbox/people.ts';
import type { Api, GraphqlAnswer } from '../support/api.ts';
import { changes, deleteMany, endedBulk, itemsOf, order, preview, requestBulk } from '../support/bulks.ts';
import { holders } from '../support/holders.ts';
import { startWorld, type World } from '../support/world.ts';

const [PREVIEW, SWEEP] = [...readFileSync('README.md', 'utf8').matchAll(/```graphql\n([\s\S]*?)```/g)]
  .slice(1)
  .map((match) => match[1]!);

/** Every eighth person was made for tests. */
const population = people(60).map((person): Person => ({
  ...person,
  testCustomer: person.number % 8 === 3,
}));
const TESTS = { filter: { testCustomer: true } };

let world: World;
let glacier: Api;

beforeAll(async () => {
  world = await startWorld({}, {}, { population });
  glacier = await world.as({ role: 'RESALE', manager: 'glacier', subject: 'glacier-1' });
});

afterAll(() => world.close());

const held = () => holders(world.vendors, world.people);

const isLeft = async (number: number): Promise<boolean> => {
  const { customer } = await world.admin.data('query ($id: ID!) { customer(id: $id) { erasedAt } }', {
    id: world.id(number),
  });
  return customer.erasedAt === null;
};

const testers = (): number[] => world.people.filter((one) => one.testCustomer).map(({ number }) => number);

/** Only a change of the directory itself makes a customer one for tests, or none. */
async function mark(number: number, testCustomer: boolean): Promise<void> {
  const id = Buffer.from(world.id(number), 'base64url').toString().slice('Customer:'.length);
  await world.gateway.store.pool.query('update customer set test_customer = $1 where id = $2', [
    testCustomer,
    id,
  ]);
}

const managedBy = (manager: string): number[] =>
  world.people.filter((one) => one.manager === manager).map(({ number }) => number);

describe('a reseller', () => {
  test('selects customers of its own alone: foreign ones count as not found', async () => {
    const [own, foreign] = [managedBy('glacier'), managedBy('meadow')];
    const customerIds = [own[0]!, foreign[0]!].map((number) => world.id(number));
    expect(await preview(glacier, { customerIds })).toMatchObject({ customers: 1, notFound: 1 });
    expect(await preview(glacier, TESTS)).toMatchObject({
      customers: own.filter((number) => testers().includes(number)).length,
    });
    expect(await preview(glacier, { filter: { managerId: 'meadow' } })).toMatchObject({
      issues: [{ path: 'filter.managerId' }],
    });
  });

  test('deletes customers of its own alone, and sees and steers its own bulks alone', async () => {
    const [own, foreign] = [managedBy('glacier')[0]!, managedBy('meadow')[0]!];
    const customerIds = [own, foreign].map((number) => world.id(number));
    const foreignBulk = await requestBulk(world.admin, {
      customerIds: [world.id(foreign)],
      integrationIds: ['vpn'],
    });
    await endedBulk(world.admin, foreignBulk);
    const id = await requestBulk(glacier, { customerIds });
    expect((await endedBulk(glacier, id)).counts).toMatchObject({ total: 1, completed: 1 });
    expect(await isLeft(own)).toBe(false);
    expect(await isLeft(foreign)).toBe(true);

    const twin = await world.as({ role: 'RESALE', manager: 'glacier', subject: 'glacier-2' });
    const list = '{ bulks { edges { node { id } } } }';
    const idsFor = async (api: Api) =>
      (await api.data(list)).bulks.edges.map(({ node }: { node: { id: string } }) => node.id);
    expect(await idsFor(glacier)).toEqual([id]);
    expect(await idsFor(twin)).toEqual([]);
    expect((await idsFor(world.admin)).toSorted()).toEqual([id, foreignBulk].toSorted());
    for (const document of ['bulk(id: $id) { id }', 'node(id: $id) { id }'])
      expect(
        Object.values(await glacier.data(`query ($id: ID!) { ${document} }`, { id: foreignBulk })),
      ).toEqual([null]);
    expect(await preview(glacier, { bulkId: foreignBulk })).toEqual({ __typename: 'BulkNotFoundError' });
    for (const mutation of ['pauseBulk', 'resumeBulk', 'cancelBulk'])
      expect(await order(glacier, mutation, foreignBulk)).toEqual({ __typename: 'BulkNotFoundError' });
    const [progress] = await glacier.watch('subscription ($id: ID!) { bulkProgress(bulkId: $id) { id } }', {
      id: foreignBulk,
    });
    expect(progress!.errors[0]!.message).toBe('There is no such bulk.');
  });

  test('does not resume what somebody who reaches more has paused', async () => {
    await world.admin.data('mutation { pauseErasures(input: { reason: "a test" }) { __typename } }');
    const customerIds = managedBy('glacier')
      .slice(1, 3)
      .map((number) => world.id(number));
    const id = await requestBulk(glacier, { customerIds, integrationIds: ['learn'] });
    await order(world.admin, 'pauseBulk', id);
    expect(await order(glacier, 'resumeBulk', id)).toMatchObject({ bulk: { state: 'PAUSED' } });
    await world.admin.data('mutation { resumeErasures(input: { reason: "a test" }) { __typename } }');
    await order(world.admin, 'resumeBulk', id);
    expect((await endedBulk(glacier, id)).state).toBe('COMPLETED');
  });
});

describe('the sweeper of test customers, as the README has it', () => {
  test('refuses when a customer has become one, or is none any more, since the preview', async () => {
    const [one, another] = testers();
    const { deletionPreview } = await world.admin.data(PREVIEW!);
    const swept = async (hash: string): Promise<GraphqlAnswer['data']> =>
      (await world.admin.data(SWEEP!, { hash })).deleteCustomers;
    await mark(one!, false);
    await mark(4, true);
    await mark(5, true);
    expect((await swept(deletionPreview.hash)).message).toMatch(/2 customers have come in and 1 are out/);
    expect(await deleteMany(world.admin, TESTS, deletionPreview.hash)).toMatchObject({
      __typename: 'PreviewChangedError',
      more: 2,
      fewer: 1,
    });
    for (const number of [one!, another!, 4, 5]) expect(await isLeft(number)).toBe(true);
    await mark(one!, true);
    await mark(4, false);
    await mark(5, false);
  });

  test('sweeps them away, and nobody else; who is none any more at their turn is left: CHANGED', async () => {
    const before = await held();
    const { deletionPreview } = await world.admin.data(PREVIEW!);
    const numbers = await Promise.all(
      testers().map(async (number) => ((await isLeft(number)) ? number : null)),
    );
    const expected = numbers.filter((number) => number !== null);
    expect(deletionPreview).toMatchObject({ customers: expected.length, blocked: [] });
    await world.admin.data('mutation { pauseErasures(input: { reason: "a test" }) { __typename } }');
    const { bulk } = (await world.admin.data(SWEEP!, { hash: deletionPreview.hash })).deleteCustomers;
    const spared = expected.pop()!;
    await mark(spared, false);
    await world.admin.data('mutation { resumeErasures(input: { reason: "a test" }) { __typename } }');
    const end = (await changes(world.admin, bulk.id)).at(-1);
    expect(end).toMatchObject({ state: 'COMPLETED', counts: { completed: expected.length, refused: 1 } });
    expect((await itemsOf(world.admin, bulk.id)).get(world.id(spared))).toMatchObject({ code: 'CHANGED' });
    const after = await held();
    for (const name of Object.keys(before) as VendorName[])
      expect(after[name]).toEqual(before[name].filter((number) => !expected.includes(number)));
  });
});
