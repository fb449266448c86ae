import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Api } from './support/api.ts';
import { callsOfAll } from './support/calls.ts';
import { AUDIT, DELETE, ERASURE, PROGRESS } from './support/documents.ts';
import { erase } from './support/erasures.ts';
import { startWorld, type World } from './support/world.ts';

let world: World;
/** Reseller `glacier`; its sibling is `meadow`, its parent `alpine`. */
let glacier: Api;
let alpine: Api;
/** Numbers of a customer of glacier's own, of its sibling's, of its parent's, and of nobody's. */
let own: number;
let foreign: { sibling: number; parent: number; unmanaged: number };
/** An erasure of a foreign customer. */
let foreignErasure: string;

const UNKNOWN = Buffer.from('Customer:00000000-0000-4000-8000-000000000000').toString('base64url');
const UNKNOWN_ERASURE = Buffer.from('Erasure:00000000-0000-4000-8000-000000000000').toString('base64url');

beforeAll(async () => {
  world = await startWorld();
  glacier = await world.as({ role: 'RESALE', manager: 'glacier' });
  alpine = await world.as({ role: 'RESALE', manager: 'alpine' });
  const of = (manager: string | null): number =>
    world.people.find((person) => person.manager === manager && person.number > 10)!.number;
  own = of('glacier');
  foreign = { sibling: of('meadow'), parent: of('alpine'), unmanaged: of(null) };
  foreignErasure = (await erase(world.admin, world.id(5))).id;
});

afterAll(() => world.close());

beforeEach(async () => {
  for (const vendor of Object.values(world.vendors)) await vendor.forget();
});

describe('a RESALE viewer', () => {
  test('finds its own customer by every way', async () => {
    const id = world.id(own);
    const { email } = world.person(own);
    const data = await glacier.data(
      'query ($id: ID!, $email: EmailAddress!) { customer(id: $id) { id } customerByEmail(email: $email) { id } node(id: $id) { id } nodes(ids: [$id]) { id } }',
      { id, email },
    );
    expect(data).toEqual({ customer: { id }, customerByEmail: { id }, node: { id }, nodes: [{ id }] });
  });

  test('finds customers of the managers below', async () => {
    const id = world.id(own);
    expect(await alpine.data('query ($id: ID!) { customer(id: $id) { id } }', { id })).toEqual({
      customer: { id },
    });
  });

  test('lists its own customers and no others', async () => {
    const { customers } = await glacier.data(
      '{ customers(first: 100) { edges { node { manager { id } } } } }',
    );
    const managers = new Set(
      customers.edges.map((edge: { node: { manager: { id: string } } }) => edge.node.manager.id),
    );
    expect([...managers]).toEqual(['glacier']);
    for (const manager of ['meadow', 'alpine', 'nobody']) {
      const { customers: others } = await glacier.data(
        'query ($manager: ID) { customers(first: 100, filter: { managerId: $manager }) { edges { node { id } } } }',
        { manager },
      );
      expect(others.edges).toEqual([]);
    }
  });

  describe.each(['sibling', 'parent', 'unmanaged'] as const)('learns nothing of a %s customer', (kind) => {
    /** The same operation on a foreign and on an unknown customer: equal answers, no provider asked. */
    async function expectSame(
      document: string,
      variables: (id: string, email: string) => object,
    ): Promise<void> {
      const { email } = world.person(foreign[kind]);
      const about = async (id: string, address: string): Promise<string> => {
        const { status, data, errors } = await glacier.send(document, { ...variables(id, address) });
        return JSON.stringify({ status, data, errors });
      };
      const answer = await about(world.id(foreign[kind]), email);
      expect(answer).toBe(await about(UNKNOWN, 'nobody@example.com'));
      expect(answer).not.toContain(email);
      expect(await callsOfAll(world.vendors)).toBe(0);
    }

    test('by id', () =>
      expectSame('query ($id: ID!) { customer(id: $id) { name email accounts { __typename } } }', (id) => ({
        id,
      })));
    test('by e-mail', () =>
      expectSame('query ($email: EmailAddress!) { customerByEmail(email: $email) { id } }', (_id, email) => ({
        email,
      })));
    test('by node', () =>
      expectSame('query ($id: ID!) { node(id: $id) { ... on Customer { email } } }', (id) => ({ id })));
    test('by nodes', () =>
      expectSame('query ($id: ID!) { nodes(ids: [$id]) { ... on Customer { email } } }', (id) => ({ id })));
    test('by plan', () =>
      expectSame('query ($id: ID!) { erasurePlan(customerId: $id) { createdAt } }', (id) => ({ id })));
    test('by deletion', () =>
      expectSame(DELETE, (id) => ({ input: { customerId: id, reason: 'not mine' } })));
    test('by erasures', () =>
      expectSame('query ($id: ID!) { erasures(customerId: $id) { edges { node { id } } } }', (id) => ({
        id,
      })));
    test('by audit log', () => expectSame(AUDIT, (id) => ({ customerId: id })));
  });

  test('learns nothing of a foreign erasure', async () => {
    const cancel =
      'mutation ($id: ID!) { cancelErasure(input: { erasureId: $id, reason: "x" }) { __typename ... on Error { message } } }';
    for (const document of [ERASURE, 'query ($id: ID!) { node(id: $id) { id } }', cancel]) {
      expect(await glacier.data(document, { id: foreignErasure })).toEqual(
        await glacier.data(document, { id: UNKNOWN_ERASURE }),
      );
    }
    const strip = (results: object[]): string => JSON.stringify(results);
    expect(strip(await glacier.watch(PROGRESS, { id: foreignErasure }))).toBe(
      strip(await glacier.watch(PROGRESS, { id: UNKNOWN_ERASURE })),
    );
    const { auditLog } = await glacier.data(AUDIT, { erasureId: foreignErasure });
    expect(auditLog.edges).toEqual([]);
  });

  test('deletes its own customer', async () => {
    expect((await erase(glacier, world.id(own))).state).toBe('COMPLETED');
  });

  test('sees in the audit log what concerns its customers alone', async () => {
    const { auditLog } = await glacier.data(AUDIT, { first: 100 });
    const ids = new Set(auditLog.edges.map((edge: { node: { customerId: string } }) => edge.node.customerId));
    const mine = new Set(
      world.people.filter((person) => person.manager === 'glacier').map(({ number }) => world.id(number)),
    );
    expect([...ids].filter((id) => !mine.has(id as string))).toEqual([]);
    expect(ids.size).toBeGreaterThan(1);
  });
});

describe('refused attempts', () => {
  test('are in the audit log', async () => {
    const id = world.id(foreign.sibling);
    await glacier.data(DELETE, { input: { customerId: id, reason: 'curious' } });
    const { auditLog } = await world.admin.data(AUDIT, { customerId: id, first: 100 });
    const refused = auditLog.edges
      .map((edge: { node: object }) => edge.node)
      .filter((node: { action: string }) => node.action === 'erasure.refused');
    expect(refused.at(-1)).toMatchObject({ actor: 'RESALE', role: 'RESALE', reason: 'curious' });
  });
});

describe('scopes', () => {
  const cases: [string, string, object][] = [
    ['customers:read', 'query ($id: ID!) { customer(id: $id) { id } }', {}],
    ['customers:read', 'query ($id: ID!) { node(id: $id) { id } }', {}],
    ['customers:read', 'query ($id: ID!) { nodes(ids: [$id]) { id } }', {}],
    ['customers:read', 'query ($id: ID!) { erasurePlan(customerId: $id) { createdAt } }', {}],
    ['customers:read', '{ customers { edges { cursor } } }', {}],
    ['customers:read', '{ erasures { edges { cursor } } }', {}],
    ['integrations:read', '{ integrations { id } }', {}],
    ['audit:read', '{ auditLog { edges { cursor } } }', {}],
    ['customers:delete', DELETE, { input: { customerId: 'x', reason: 'x' } }],
  ];

  test.each(cases)('%s is needed', async (scope, document, variables) => {
    const all = { ...variables, id: world.id(30) };
    const without = await world.as({ role: 'ADMIN', scopes: ['customers:write'] });
    expect((await without.send(document, all)).errors[0]).toMatchObject({
      message: `The scope ${scope} is needed.`,
      extensions: { code: 'FORBIDDEN' },
    });
    const { status, errors } = await world.anonymous.send(document, all);
    expect(errors[0]!.extensions).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(status).toBe(401);
    expect(await callsOfAll(world.vendors)).toBe(0);
  });

  test('of a token do not widen its role', async () => {
    const master = await world.as({ role: 'MASTER', scopes: ['guards:override', 'customers:read'] });
    expect((await master.data('{ viewer { scopes } }')).viewer.scopes).toEqual(['customers:read']);
    const resale = await world.as({ role: 'RESALE', manager: 'glacier' });
    expect((await resale.data('{ viewer { scopes } }')).viewer.scopes).not.toContain('erasures:approve');
  });

  test('are needed to subscribe, not only to receive', async () => {
    const without = await world.as({ role: 'ADMIN', scopes: ['customers:delete'] });
    const results = await without.watch(PROGRESS, { id: foreignErasure });
    expect(results).toHaveLength(1);
    expect(results[0]!.errors[0]!.extensions).toMatchObject({ code: 'FORBIDDEN' });
  });

  test('are not widened by aliases: own and foreign in one document, in both orders', async () => {
    const [mine, theirs] = [world.id(own), world.id(foreign.sibling)];
    const both = (a: string, b: string): string =>
      `{ a: customer(id: "${a}") { email } b: customer(id: "${b}") { email } }`;
    expect((await glacier.data(both(mine, theirs))).b).toBeNull();
    expect((await glacier.data(both(theirs, mine))).a).toBeNull();
  });
});

describe('tokens', () => {
  test('without a manager make no RESALE viewer', async () => {
    const api = await world.as({ role: 'RESALE' });
    expect(await api.send('{ viewer { subject } }')).toMatchObject({ status: 401, data: null });
  });

  test('that have ended are refused', async () => {
    const api = await world.as({ role: 'ADMIN', expiresIn: -60 });
    expect(await api.send('{ viewer { subject } }')).toMatchObject({ status: 401, data: null });
  });
});
