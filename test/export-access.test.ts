import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GraphqlAnswer } from './support/api.ts';
import { AUDIT } from './support/documents.ts';
import { dump } from './support/dump.ts';
import { EXPORT, postExport } from './support/exports.ts';
import { only, type Held } from './support/held.ts';
import type { TokenClaims } from './support/tokens.ts';
import { startWorld, type World } from './support/world.ts';

const ADMIN: TokenClaims = { role: 'ADMIN' };
const REASON = 'asked by the person';
const UNKNOWN = Buffer.from('Customer:00000000-0000-4000-8000-000000000000').toString('base64url');
/** Known to one provider each, and to nobody else. */
const CANARY_APP = 'canary-of-an-app';
const CANARY_NAME = 'Canary-of-a-name';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world.close());

const post = (
  customerId: string,
  claims: TokenClaims | null = ADMIN,
  init: RequestInit = {},
): Promise<Response> => postExport(world.gateway.url, claims, { customerId, reason: REASON }, init);

const actionsOf = async (customerId: string): Promise<GraphqlAnswer['data'][]> =>
  (await world.admin.data(AUDIT, { customerId, first: 100 })).auditLog.edges
    .map(({ node }: { node: { action: string } }) => node)
    .filter(({ action }: { action: string }) => action.startsWith('customer.export'));

describe('an export', () => {
  test('is in the audit log with its reason', async () => {
    await (await post(world.id(5))).text();
    const [entry, ...more] = await actionsOf(world.id(5));
    expect(entry).toMatchObject({
      action: 'customer.exported',
      actor: 'ADMIN',
      reason: REASON,
      details: {},
    });
    expect(more).toEqual([]);
  });

  test('is not begun when it cannot be written down', async () => {
    const { db } = world.gateway.store;
    for (const vendor of Object.values(world.vendors)) await vendor.forget();
    await sql`alter table audit_entry rename to canary_table`.execute(db);
    const response = await post(world.id(1));
    await sql`alter table canary_table rename to audit_entry`.execute(db);
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({
      errors: [{ message: 'Unexpected error.', extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
    });
    for (const vendor of Object.values(world.vendors)) expect(await vendor.ledger()).toEqual([]);
  });

  test('is of own customers alone; foreign and unknown look the same', async () => {
    const reseller: TokenClaims = { role: 'RESALE', manager: 'glacier' };
    const of = (manager: string): number =>
      world.people.find((person) => person.manager === manager && person.number > 100)!.number;
    const own = (await (await post(world.id(of('glacier')), reseller)).json()) as { complete: boolean };
    expect(own.complete).toBe(true);
    for (const vendor of Object.values(world.vendors)) await vendor.forget();
    const answers = [];
    for (const id of [world.id(of('meadow')), UNKNOWN]) {
      const response = await post(id, reseller);
      const api = await world.as(reseller);
      const byGraphql = await api.data(EXPORT, { input: { customerId: id, reason: REASON } });
      answers.push({ status: response.status, body: await response.text(), byGraphql });
    }
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]).toMatchObject({
      status: 404,
      body: '{"errors":[{"message":"There is no such customer.","extensions":{"code":"NOT_FOUND"}}]}',
      byGraphql: { exportCustomer: { __typename: 'CustomerNotFoundError' } },
    });
    for (const vendor of Object.values(world.vendors)) expect(await vendor.ledger()).toEqual([]);
    const refused = await actionsOf(world.id(of('meadow')));
    expect(refused).toMatchObject([
      { action: 'customer.export_refused', role: 'RESALE', reason: REASON },
      { action: 'customer.export_refused', role: 'RESALE', reason: REASON },
    ]);
  });

  test('is stored nowhere', async () => {
    const { onelogin, learn } = world.person(6);
    const tenant = await world.vendors.onelogin.state<Held['onelogin']>();
    only(tenant.users, ({ id }) => id === onelogin!.id).apps = [{ id: 1, name: CANARY_APP }];
    await world.vendors.onelogin.hold(tenant);
    const learners = await world.vendors.learn.state<Held['learn']>();
    only(learners.users, ({ ref }) => ref === learn!.ref).firstName = CANARY_NAME;
    await world.vendors.learn.hold(learners);
    const text = await (await post(world.id(6))).text();
    await world.admin.data(EXPORT, { input: { customerId: world.id(6), reason: 'kept in the log' } });
    const stored = await dump(world.gateway.store);
    expect(stored).toContain('kept in the log');
    for (const canary of [CANARY_APP, CANARY_NAME]) {
      expect(text).toContain(canary);
      expect(stored).not.toContain(canary);
    }
  });
});

describe('POST /export refuses', () => {
  const without: TokenClaims = { role: 'ADMIN', scopes: ['customers:read', 'customers:delete'] };
  const id = (): string => world.id(8);

  test.each<[string, number, string, () => Promise<Response>]>([
    ['no token', 401, 'UNAUTHENTICATED', () => post(id(), null)],
    ['a token that has ended', 401, 'UNAUTHENTICATED', () => post(id(), { ...ADMIN, expiresIn: -60 })],
    ['a token without the scope', 403, 'FORBIDDEN', () => post(id(), without)],
    ['an id of something else', 400, 'BAD_USER_INPUT', () => post('abc')],
    ['no JSON', 400, 'BAD_USER_INPUT', () => postExport(world.gateway.url, ADMIN, '{"customerId":')],
    ['no reason', 400, 'BAD_USER_INPUT', () => postExport(world.gateway.url, ADMIN, { customerId: id() })],
    [
      'an empty reason',
      400,
      'BAD_USER_INPUT',
      () => postExport(world.gateway.url, ADMIN, { customerId: id(), reason: ' ' }),
    ],
    [
      'a field that there is not',
      400,
      'BAD_USER_INPUT',
      () => postExport(world.gateway.url, ADMIN, { customerId: id(), reason: REASON, format: 'csv' }),
    ],
    [
      'a body of 10 MB',
      413,
      'PAYLOAD_TOO_LARGE',
      () => postExport(world.gateway.url, ADMIN, `{"reason":"${'x'.repeat(10_000_000)}"}`),
    ],
  ])('%s', async (_name, status, code, send) => {
    for (const vendor of Object.values(world.vendors)) await vendor.forget();
    const response = await send();
    const { errors } = (await response.json()) as { errors: { message: string; extensions: object }[] };
    expect(response.status).toBe(status);
    expect(errors).toEqual([{ message: expect.any(String), extensions: { code } }]);
    expect(response.headers.get('content-disposition')).toBeNull();
    for (const vendor of Object.values(world.vendors)) expect(await vendor.ledger()).toEqual([]);
    expect(await actionsOf(id())).toEqual([]);
  });

  test.each([
    ['another method', { method: 'PUT' }, 405],
    ['GET', { method: 'GET', body: null }, 405],
    ['another type', { headers: { 'content-type': 'text/plain' } }, 415],
  ])('%s', async (_name, init, status) => {
    expect((await post(id(), ADMIN, init)).status).toBe(status);
  });

  test('and by GraphQL, who lacks the scope', async () => {
    const api = await world.as(without);
    const { errors } = await api.send(EXPORT, { input: { customerId: id(), reason: REASON } });
    expect(errors[0]).toMatchObject({
      message: 'The scope customers:export is needed.',
      extensions: { code: 'FORBIDDEN' },
    });
    expect(await actionsOf(id())).toEqual([]);
  });
});
