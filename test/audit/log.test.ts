import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { consistencyHolds, leafHash, rootFromInclusionProof } from '../../src/audit/merkle.ts';
import { readCheckpoint } from '../../src/audit/verify/checkpoint.ts';
import { readSigner } from '../../src/signing/signing-key.ts';
import type { Api, GraphqlAnswer } from '../support/api.ts';
import { AUDIT, DELETE } from '../support/documents.ts';
import { erase } from '../support/erasures.ts';
import { signingKeys } from '../support/signing-keys.ts';
import { startWorld, type World } from '../support/world.ts';
import { untilPlaced } from './recorded-day.ts';

const REASON = 'asked for by letter';

let world: World;
/** Number of a customer of the reseller `glacier` that was deleted, and its erasure. */
let erased: number;
let erasureId: string;
let glacier: Api;

beforeAll(async () => {
  world = await startWorld();
  glacier = await world.as({ role: 'RESALE', manager: 'glacier' });
  erased = world.people.find(
    ({ manager, vpn, learn }) => manager === 'glacier' && learn && vpn && !vpn.activeSubscription,
  )!.number;
  erasureId = (await erase(glacier, world.id(erased), { reason: REASON })).id;
});

afterAll(() => world.close());

const logOf = async (api: Api, of: object): Promise<GraphqlAnswer['data'][]> => {
  const { auditLog } = await api.data(AUDIT, { first: 100, ...of });
  return auditLog.edges.map((edge: { node: object }) => edge.node);
};

describe('the log of a customer who was erased', () => {
  test('shows the erasure, by its id and by the customer, to whoever reached the customer', async () => {
    const customerId = world.id(erased);
    const entries = await logOf(glacier, { erasureId });
    expect(entries.map(({ sequence }) => sequence)).toEqual(entries.map((_, i) => i + 1));
    expect(entries.at(-1).action).toBe('erasure.completed');
    expect(entries.every((entry) => entry.customerId === customerId)).toBe(true);
    expect(await logOf(glacier, { customerId })).toEqual(entries);
    expect(await logOf(world.admin, { customerId })).toEqual(entries);
    const meadow = await world.as({ role: 'RESALE', manager: 'meadow' });
    expect(await logOf(meadow, { erasureId })).toEqual([]);
    expect(await logOf(meadow, { customerId })).toEqual([]);
  });

  test("says no more why, and not which other entries were the customer's", async () => {
    const { rows } = await world.gateway.store.pool.query<{ text: string }>(
      "select (to_jsonb(e) - 'erasure_id')::text as text from audit_entry e",
    );
    const text = rows.map((row) => row.text).join('\n');
    expect(text).not.toContain(REASON);
    expect(text).not.toContain(Buffer.from(world.id(erased), 'base64url').toString().split(':')[1]);
  });
});

test('no leaf names a customer, a reason or an actor', async () => {
  const { rows } = await world.gateway.store.pool.query<{ leaf: string }>('select leaf from audit_entry');
  const leaves = rows.map(({ leaf }) => leaf).join('\n');
  const { rows: customers } = await world.gateway.store.pool.query<{ id: string }>('select id from customer');
  const { email, name, engagelab, learn, vpn } = world.person(erased);
  const { email: other, name: otherName } = world.person(2);
  const words = [email, name, other, otherName, engagelab!.registrationId, learn!.ref, vpn!.userId, REASON];
  expect(words.filter((word) => leaves.includes(word))).toEqual([]);
  expect(customers.filter(({ id }) => leaves.includes(id))).toEqual([]);
  expect(leaves).not.toMatch(/"actor":"(?![0-9a-f]{64}")/);
  expect(rows.length).toBeGreaterThan(customers.length);
});

describe('an entry that cannot be written', () => {
  test('keeps everything from happening: the client gets a masked error, and no provider is asked', async () => {
    const { store } = world.gateway;
    const number = world.people.findIndex(({ learn, vpn }) => learn && !vpn) + 1;
    await sql`create function fail() returns trigger language plpgsql as $$
      begin raise exception 'the disk is full'; end $$`.execute(store.db);
    await sql`create trigger fail before insert on audit_entry execute function fail()`.execute(store.db);
    for (const vendor of Object.values(world.vendors)) await vendor.forget();
    const input = { customerId: world.id(number), reason: REASON };
    const { errors, data } = await world.admin.send(DELETE, { input });
    expect(errors).toMatchObject([{ message: 'Unexpected error.' }]);
    expect(data?.deleteCustomer ?? null).toBeNull();
    await sql`drop trigger fail on audit_entry`.execute(store.db);
    for (const vendor of Object.values(world.vendors)) expect(await vendor.deletes()).toEqual([]);
    const { users } = await world.vendors.learn.state<{ users: { ref: string }[] }>();
    expect(users.some(({ ref }) => ref === world.person(number).learn!.ref)).toBe(true);
    const { erasures } = await world.admin.data(
      'query ($id: ID!) { erasures(customerId: $id) { edges { node { id } } } }',
      { id: input.customerId },
    );
    expect(erasures.edges).toEqual([]);
  });
});

describe('proofs', () => {
  const INCLUSION = `query ($id: ID!, $size: Int) {
    auditInclusion(entryId: $id, size: $size) { index size proof leaf } }`;
  const ENTRIES =
    'query ($erasureId: ID) { auditLog(erasureId: $erasureId, first: 100) { edges { node { id } } } }';
  const bytes = (text: string): Buffer => Buffer.from(text, 'base64url');

  const checkpointNow = async (): Promise<{ size: number; root: string; jws: string }> => {
    await untilPlaced(world.gateway.store);
    return (await world.admin.data('{ auditCheckpoint { size root jws } }')).auditCheckpoint;
  };

  test('lead from every entry of an erasure to the root of a signed checkpoint', async () => {
    const { size, root, jws } = await checkpointNow();
    const signed = await readCheckpoint(jws, (await readSigner(signingKeys)).publicKeys, 'test-gateway');
    expect(signed).toMatchObject({ size, root, origin: 'test-gateway' });
    const { auditLog } = await glacier.data(ENTRIES, { erasureId });
    for (const { node } of auditLog.edges) {
      const { auditInclusion } = await glacier.data(INCLUSION, { id: node.id, size });
      const { index, proof, leaf } = auditInclusion;
      const found = rootFromInclusionProof(index, size, leafHash(Buffer.from(leaf)), proof.map(bytes));
      expect(Buffer.from(found!).toString('base64url')).toBe(root);
    }
  });

  test('lead from an earlier checkpoint to a later one', async () => {
    const earlier = await checkpointNow();
    await erase(world.admin, world.id(3), { integrationIds: ['learn'] });
    const later = await checkpointNow();
    const { auditConsistency } = await world.admin.data(
      'query ($from: Int!, $to: Int!) { auditConsistency(from: $from, to: $to) { proof } }',
      { from: earlier.size, to: later.size },
    );
    const proof = auditConsistency.proof.map(bytes);
    const roots = [bytes(earlier.root), bytes(later.root)] as const;
    expect(consistencyHolds(earlier.size, later.size, ...roots, proof)).toBe(true);
  });

  test('are given of own entries alone; foreign and unknown look the same', async () => {
    const { auditLog } = await world.admin.data(ENTRIES, { erasureId });
    const meadow = await world.as({ role: 'RESALE', manager: 'meadow' });
    const answers = ['999999999', auditLog.edges[0].node.id].map((id) => meadow.data(INCLUSION, { id }));
    expect(await Promise.all(answers)).toEqual([{ auditInclusion: null }, { auditInclusion: null }]);
  });

  test.each([
    ['a size that is not reached yet', '{ auditInclusion(entryId: 1, size: 1000000) { index } }'],
    ['a size before the entry', '{ auditInclusion(entryId: 2, size: 1) { index } }'],
    ['an id that is none', '{ auditInclusion(entryId: "x") { index } }'],
    ['a later size that is not reached yet', '{ auditConsistency(from: 1, to: 1000000) { proof } }'],
    ['a later size that is earlier', '{ auditConsistency(from: 2, to: 1) { proof } }'],
    ['a negative size', '{ auditConsistency(from: -1, to: 1) { proof } }'],
  ])('are refused for %s', async (_name, query) => {
    await untilPlaced(world.gateway.store);
    expect((await world.admin.send(query)).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT' } },
    ]);
  });

  test.each([
    'auditCheckpoint { size }',
    'auditInclusion(entryId: 1) { index }',
    'auditConsistency(from: 0, to: 0) { proof }',
  ])('need audit:read: %s', async (field) => {
    const without = await world.as({ role: 'ADMIN', scopes: ['customers:read'] });
    const { errors } = await without.send(`{ ${field} }`);
    expect(errors[0]!.message).toBe('The scope audit:read is needed.');
  });
});
