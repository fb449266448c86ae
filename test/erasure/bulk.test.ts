import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { VendorName } from '../../src/commands/launch-sandbox.ts';
import { people } from '../../src/sandbox/people.ts';
import { deleteMany, endedBulk, itemsOf, preview, requestBulk } from '../support/bulks.ts';
import { ended, erase, requestErasure } from '../support/erasures.ts';
import { holders } from '../support/holders.ts';
import { startWorld, type World } from '../support/world.ts';

const MOST = 40;
const UNKNOWN = Buffer.from('Customer:00000000-0000-4000-8000-000000000000').toString('base64url');

let aheadMs = 0;
let world: World;

beforeAll(async () => {
  world = await startWorld(
    {
      bulk: { most: MOST, approvalAbove: null, approvalHours: 72 },
      clock: { now: () => new Date(Date.now() + aheadMs) },
    },
    {},
    { population: people(60) },
  );
});

afterAll(() => world.close());

const ids = (...numbers: number[]): string[] => numbers.map((number) => world.id(number));

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

const held = () => holders(world.vendors, world.people);

const bulkCount = async (): Promise<number> => {
  const { rows } = await world.gateway.store.pool.query<{ n: number }>(
    'select count(*)::int as n from bulk_erasure',
  );
  return rows[0]!.n;
};

describe('a preview', () => {
  test('counts what the vendors hold, and changes nothing', async () => {
    const numbers = range(1, MOST);
    const before = await held();
    const seen = await preview(world.admin, { customerIds: ids(...numbers) });
    expect(seen).toMatchObject({ customers: MOST, notFound: 0, needsApproval: false, blocked: [] });
    expect(seen.integrations).toEqual(
      Object.entries(before).map(([id, holding]) => ({
        integration: { id },
        customers: holding.filter((number) => number <= MOST).length,
        unreachable: 0,
      })),
    );
    expect(await held()).toEqual(before);
    expect(await bulkCount()).toBe(0);
  });

  test('says where nobody could be asked, and looks only where it is told to', async () => {
    await world.vendors.vpn.fault({ kind: 'STATUS', status: 503 });
    const input = { customerIds: ids(3, 4, 4), integrationIds: ['vpn', 'learn'] };
    const seen = await preview(world.admin, { ...input, customerIds: [...input.customerIds, UNKNOWN] });
    expect(seen).toMatchObject({ customers: 2, notFound: 1 });
    expect(seen.integrations).toEqual([
      { integration: { id: 'learn' }, customers: 2, unreachable: 0 },
      { integration: { id: 'vpn' }, customers: 0, unreachable: 2 },
    ]);
    await world.vendors.vpn.fault();
  });

  test.each([
    ['everyone', { filter: {} }, ['filter']],
    ['everyone who is not made for tests', { filter: { testCustomer: false } }, ['filter']],
    ['nobody', { customerIds: [] }, ['customerIds']],
    ['nothing at all', {}, ['customerIds']],
    ['both ways', { customerIds: [UNKNOWN], filter: { testCustomer: true } }, ['customerIds']],
    ['an unknown manager', { filter: { managerId: 'nobody' } }, ['filter.managerId']],
    [
      'an unknown integration',
      { filter: { testCustomer: true }, integrationIds: ['none'] },
      ['integrationIds'],
    ],
  ])('of %s is refused', async (_name, input, paths) => {
    const { issues } = await preview(world.admin, input);
    expect(issues.map(({ path }: { path: string }) => path)).toEqual(paths);
  });

  test('of more customers than a bulk may have is refused, by ids and by filter', async () => {
    expect(await preview(world.admin, { customerIds: ids(...range(1, MOST + 1)) })).toEqual({
      __typename: 'BulkTooLargeError',
      customers: MOST + 1,
      most: MOST,
    });
    const managed = world.people.filter(({ manager }) => manager !== null).length;
    expect(await preview(world.admin, { filter: { managerId: 'alpine' } })).toEqual({
      __typename: 'BulkTooLargeError',
      customers: managed,
      most: MOST,
    });
  });
});

describe('a deletion of many', () => {
  test('is of exactly those of its preview: they are gone everywhere, and nobody else', async () => {
    const numbers = range(10, 17);
    const before = await held();
    const id = await requestBulk(world.admin, { customerIds: ids(...numbers) });
    const bulk = await endedBulk(world.admin, id);
    expect(bulk).toMatchObject({
      state: 'COMPLETED',
      counts: { total: 8, pending: 0, created: 8, refused: 0, open: 0, completed: 8 },
    });
    const items = await itemsOf(world.admin, id);
    expect([...items.keys()].toSorted()).toEqual(ids(...numbers).toSorted());
    for (const { result, erasure } of items.values())
      expect({ result, state: erasure!.state }).toEqual({ result: 'CREATED', state: 'COMPLETED' });
    const after = await held();
    for (const name of Object.keys(before) as VendorName[])
      expect(after[name]).toEqual(before[name].filter((number) => !numbers.includes(number)));
  });

  test('says of each customer what came of it, and one that is refused does not stop the others', async () => {
    await world.admin.data(
      `mutation ($id: ID!) { placeHold(input: { customerId: $id, ground: "a dispute" }) { __typename } }`,
      { id: world.id(3) },
    );
    await erase(world.admin, world.id(5));
    await world.vendors.engagelab.fault({ kind: 'RATE_LIMIT', method: 'DELETE' });
    const open = await requestErasure(world.admin, world.id(4), { integrationIds: ['engagelab'] });
    const selection = { customerIds: ids(2, 3, 4, 5, 6), integrationIds: ['vpn', 'learn', 'onelogin'] };
    expect((await preview(world.admin, selection)).blocked).toEqual([
      { code: 'HOLD', customers: 1 },
      { code: 'ALREADY_ERASED', customers: 1 },
      { code: 'OPEN_ERASURE', customers: 1 },
    ]);
    const id = await requestBulk(world.admin, selection);
    expect((await endedBulk(world.admin, id)).counts).toMatchObject({
      total: 5,
      created: 1,
      alreadyOpen: 1,
      refused: 3,
      completed: 1,
    });
    const items = await itemsOf(world.admin, id);
    expect(items.get(world.id(2))).toMatchObject({
      code: 'BLOCKED',
      message: expect.stringContaining('vpn: '),
    });
    expect(items.get(world.id(3))).toMatchObject({ code: 'HOLD', erasure: null });
    expect(items.get(world.id(4))).toMatchObject({ result: 'ALREADY_OPEN', erasure: { id: open } });
    expect(items.get(world.id(5))).toMatchObject({ code: 'ALREADY_ERASED' });
    expect(items.get(world.id(6))).toMatchObject({ result: 'CREATED', code: null });
    await world.vendors.engagelab.fault();
    await ended(world.admin, open);
  });

  test('goes on past an item that the gateway itself fails at, which is tried several times', async () => {
    const { pool } = world.gateway.store;
    const unlucky = Buffer.from(world.id(7), 'base64url').toString().slice('Customer:'.length);
    await pool.query(`create function fail() returns trigger language plpgsql as
      $$ begin raise exception 'a fault of the database'; end $$`);
    await pool.query(`create trigger fail before insert on erasure for each row
      when (new.customer_id = '${unlucky}') execute function fail()`);
    const id = await requestBulk(world.admin, { customerIds: ids(7, 8), integrationIds: ['learn'] });
    expect(await endedBulk(world.admin, id)).toMatchObject({
      state: 'COMPLETED',
      counts: { created: 1, refused: 1 },
    });
    const failed = (await itemsOf(world.admin, id)).get(world.id(7));
    expect(failed).toMatchObject({ code: 'FAILED', message: expect.not.stringContaining('database') });
    await pool.query('drop trigger fail on erasure');
    const { rows } = await pool.query(`select failures from bulk_item where customer_id = '${unlucky}'`);
    expect(rows).toEqual([{ failures: 3 }]);
  });

  test('is written down, by whom and why', async () => {
    const { rows } = await world.gateway.store.pool.query(
      `select action, actor, reason from audit_entry where action like 'bulk.%' order by id limit 2`,
    );
    expect(rows).toEqual([
      { action: 'bulk.requested', actor: 'ADMIN', reason: 'a test' },
      { action: 'bulk.completed', actor: 'gateway', reason: null },
    ]);
  });
});

describe('the hash of a preview', () => {
  test('is good for its selection, its places and its viewer alone, and for 15 minutes', async () => {
    const customerIds = ids(30, 31);
    const { hash } = await preview(world.admin, { customerIds });
    const other = await world.as({ role: 'ADMIN', subject: 'another' });
    const places = { customerIds, integrationIds: ['learn'] };
    const before = await bulkCount();
    for (const refused of [
      await deleteMany(other, { customerIds }, hash),
      await deleteMany(world.admin, places, hash),
      await deleteMany(world.admin, { customerIds }, 'made up'),
    ])
      expect(refused).toMatchObject({ __typename: 'PreviewExpiredError', preview: { customers: 2 } });
    expect(await deleteMany(world.admin, { customerIds: ids(30, 32, 33) }, hash)).toMatchObject({
      __typename: 'PreviewChangedError',
      more: 2,
      fewer: 1,
      preview: { customers: 3 },
    });
    aheadMs = 15 * 60_000;
    const { __typename } = await deleteMany(world.admin, { customerIds }, hash);
    expect(__typename).toBe('PreviewExpiredError');
    aheadMs = 0;
    expect(await bulkCount()).toBe(before);
  });

  test('of nobody is no way to delete nobody', async () => {
    const { hash } = await preview(world.admin, { customerIds: [UNKNOWN] });
    const { issues } = await deleteMany(world.admin, { customerIds: [UNKNOWN] }, hash);
    expect(issues).toEqual([{ path: 'customerIds' }]);
  });
});

describe('an idempotency key', () => {
  test('makes one bulk of twins, also after the preview has expired, and is bound to its input', async () => {
    const selection = { customerIds: ids(36, 37), integrationIds: ['learn'] };
    const { hash } = await preview(world.admin, selection);
    const ask = (reason = 'a test') =>
      deleteMany(world.admin, selection, hash, { reason, idempotencyKey: 'key-1' });
    const before = await bulkCount();
    const answers = await Promise.all([ask(), ask(), ask(), ask()]);
    const [id] = new Set(answers.map(({ bulk }) => bulk.id));
    expect(answers.map(({ bulk }) => bulk.id)).toEqual([id, id, id, id]);
    await endedBulk(world.admin, id);
    aheadMs = 60 * 60_000;
    expect((await ask()).bulk).toMatchObject({ id, state: 'COMPLETED' });
    expect(await ask('another reason')).toEqual({ __typename: 'IdempotencyConflictError' });
    aheadMs = 0;
    expect(await bulkCount()).toBe(before + 1);
    const deletes = await world.vendors.learn.deletes();
    for (const number of [36, 37]) {
      const path = `/rest/v2/users/ref/${world.person(number).learn!.ref}`;
      expect(deletes.filter((one) => one === path)).toHaveLength(1);
    }
  });
});
