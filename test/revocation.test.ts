import { setTimeout } from 'node:timers/promises';
import { sql } from 'kysely';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Api, GraphqlAnswer } from './support/api.ts';
import { PROGRESS } from './support/documents.ts';
import { requestErasure } from './support/erasures.ts';
import { postExport } from './support/exports.ts';
import { clockBehind, earlier, revoke, REVOKE } from './support/revocations.ts';
import { startWorld, type World } from './support/world.ts';

const WITHIN_MS = 1_000;
/** Longer than a copy of what was revoked counts. */
const A_SECOND_LATER_MS = 1_100;

let world: World;
/** Waits for the stop switch. */
let erasureId: string;
const logged: string[] = [];

beforeAll(async () => {
  const log = pino({ level: 'error' }, { write: (line: string) => void logged.push(line) });
  world = await startWorld({ clock: clockBehind(), log });
  await world.admin.data('mutation { pauseErasures(input: { reason: "a test" }) { __typename } }');
  erasureId = await requestErasure(world.admin, world.id(1));
});

afterAll(() => world.close());

const ask = (api: Api): Promise<GraphqlAnswer> => api.send('{ viewer { subject } }');
const statusOf = async (api: Api): Promise<number> => (await ask(api)).status;

/** Asks for the progress of what does not go on. Tells when it has ended. */
async function stream(api: Api): Promise<{ endedAt: Promise<number> }> {
  let opened = (): void => {};
  const isOpen = new Promise<void>((resolve) => (opened = resolve));
  const results = api.watch(PROGRESS, { id: erasureId }, () => {
    opened();
    return false;
  });
  await isOpen;
  return { endedAt: results.then(() => Date.now()) };
}

describe('a revocation', () => {
  test('by id ends that token alone', async () => {
    const [stolen, other] = [
      await world.as(earlier({ subject: 'ann', jti: 'stolen' })),
      await world.as(earlier({ subject: 'ann', jti: 'other' })),
    ];
    expect([await statusOf(stolen), await statusOf(other)]).toEqual([200, 200]);
    expect(await revoke(world.admin, { jti: 'stolen' })).toEqual({
      __typename: 'RevokeTokensPayload',
      revocation: { jti: 'stolen', subject: null, revokedAt: expect.any(String) },
    });
    expect(await ask(stolen)).toMatchObject({
      status: 401,
      errors: [{ message: 'The token is not valid.', extensions: { code: 'UNAUTHENTICATED' } }],
    });
    expect(await statusOf(other)).toBe(200);
  });

  test('by subject ends all that were issued before, and none that is issued later', async () => {
    const tokens = await Promise.all([
      world.as(earlier({ subject: 'bob' })),
      world.as(earlier({ subject: 'bob', jti: 'with-an-id' })),
      world.as(earlier({ subject: 'bob', role: 'RESALE', manager: 'glacier' })),
    ]);
    const later = await world.as({ role: 'ADMIN', subject: 'bob' });
    const somebodyElse = await world.as(earlier({ subject: 'bobby' }));
    expect(await Promise.all(tokens.map(statusOf))).toEqual([200, 200, 200]);
    await revoke(world.admin, { subject: 'bob' });
    expect(await Promise.all(tokens.map(statusOf))).toEqual([401, 401, 401]);
    expect(await Promise.all([later, somebodyElse].map(statusOf))).toEqual([200, 200]);
  });

  test('by subject leaves room for clocks that differ', async () => {
    const revocation = async (subject: string): Promise<number> => {
      const answer = await revoke(world.admin, { subject });
      return Date.parse(answer.revocation.revokedAt);
    };
    const since = await revocation('carol');
    const issued = (seconds: number) => ({ issuedAgo: Math.floor(Date.now() / 1000) - seconds });
    const second = Math.floor(since / 1000);
    const around = [second, second + 4, second + 6].map((at) => earlier({ subject: 'carol', ...issued(at) }));
    const statuses = around.map(async (claims) => statusOf(await world.as(claims)));
    expect(await Promise.all(statuses)).toEqual([401, 401, 200]);
  });

  test('may be repeated, and then counts from later on', async () => {
    const token = await world.as(earlier({ subject: 'dora', jti: 'twice' }));
    for (let i = 0; i < 2; i++) await revoke(world.admin, { jti: 'twice' });
    expect(await statusOf(token)).toBe(401);
    const { rows } = await sql`select 1 from token_revocation where jti = 'twice'`.execute(
      world.gateway.store.db,
    );
    expect(rows).toHaveLength(1);
  });

  test('is for ADMIN alone, with the scope', async () => {
    const without = [
      await world.as({ role: 'MASTER' }),
      await world.as({ role: 'RESALE', manager: 'glacier' }),
      await world.as({ role: 'ADMIN', scopes: ['tokens:issue', 'guards:override'] }),
    ];
    for (const api of without) {
      const { errors } = await api.send(REVOKE, { input: { subject: 'ADMIN', reason: 'mine now' } });
      expect(errors[0]).toMatchObject({
        message: 'The scope tokens:revoke is needed.',
        extensions: { code: 'FORBIDDEN' },
      });
    }
    expect(await statusOf(world.admin)).toBe(200);
  });

  test.each<[string, object, string]>([
    ['nothing', {}, 'subject'],
    ['both', { jti: 'a', subject: 'b' }, 'jti'],
    ['an empty id', { jti: '' }, 'jti'],
    ['an empty subject', { subject: '' }, 'subject'],
    ['a subject that no token has', { subject: 'x'.repeat(256) }, 'subject'],
    ['a control character', { jti: 'a\u0007b' }, 'jti'],
    ['no reason', { jti: 'a', reason: ' ' }, 'reason'],
  ])('of %s is refused', async (_name, input, path) => {
    expect(await revoke(world.admin, input)).toEqual({
      __typename: 'InvalidInputError',
      issues: [{ path }],
    });
  });

  test('is in the audit log: who, why and which, the subject as a hash', async () => {
    await revoke(world.admin, { subject: 'eve@example.com', reason: 'left the company' });
    await revoke(world.admin, { jti: 'of-eve', reason: 'left the company' });
    const { auditLog } = await world.admin.data(
      '{ auditLog(last: 2) { edges { node { action actor role reason details } } } }',
    );
    const entries = auditLog.edges.map(({ node }: { node: { details: object } }) => ({
      ...node,
      details: node.details,
    }));
    const entry = { action: 'tokens.revoked', actor: 'ADMIN', role: 'ADMIN', reason: 'left the company' };
    expect(entries).toEqual([
      { ...entry, details: { subjectSha256: expect.stringMatching(/^[0-9a-f]{64}$/) } },
      { ...entry, details: { jti: 'of-eve' } },
    ]);
  });
});

describe('what a revoked token has opened', () => {
  test.each([
    ['its id', 'jti'],
    ['its subject', 'subject'],
  ])('ends within a second, by %s; what others have opened goes on', async (_name, by) => {
    const claims = { subject: `streaming by ${by}`, jti: `streamed by ${by}` };
    const mine = await stream(await world.as(earlier(claims)));
    const other = await stream(await world.as(earlier({ subject: `not by ${by}` })));
    await revoke(world.admin, { [by]: claims[by as keyof typeof claims] });
    const revokedAt = Date.now();
    expect((await mine.endedAt) - revokedAt).toBeLessThan(WITHIN_MS);
    expect(await Promise.race([other.endedAt, setTimeout(200, 'open')])).toBe('open');
    await revoke(world.admin, { subject: `not by ${by}` });
    await other.endedAt;
  });

  test('ends also when nobody tells this process', async () => {
    const api = await world.as(earlier({ subject: 'hugo' }));
    const { endedAt } = await stream(api);
    await sql`insert into token_revocation (subject, revoked_at) values ('hugo', now())`.execute(
      world.gateway.store.db,
    );
    const revokedAt = Date.now();
    expect((await endedAt) - revokedAt).toBeLessThan(WITHIN_MS);
    expect(await statusOf(api)).toBe(401);
  });

  test('is an export too: it is cut off', async () => {
    await world.vendors.onelogin.fault({ kind: 'HANG', method: 'GET' });
    const claims = earlier({ subject: 'ines', jti: 'exporting' });
    const body = { customerId: world.id(7), reason: 'asked by the person' };
    const response = await postExport(world.gateway.url, claims, body);
    const whole = response.text();
    expect(response.status).toBe(200);
    await revoke(world.admin, { jti: 'exporting' });
    const revokedAt = Date.now();
    await expect(whole).rejects.toThrow('terminated');
    expect(Date.now() - revokedAt).toBeLessThan(WITHIN_MS);
    await world.vendors.onelogin.fault();
  });
});

describe('while it cannot be told what was revoked', () => {
  test('nobody gets in, and that is logged once', async () => {
    const { db } = world.gateway.store;
    expect(await statusOf(world.admin)).toBe(200);
    await sql`alter table token_revocation rename to canary_table`.execute(db);
    await setTimeout(A_SECOND_LATER_MS);
    const { status, errors, data } = await ask(world.admin);
    const exported = await postExport(world.gateway.url, { role: 'ADMIN' }, {});
    const anonymous = await statusOf(world.anonymous);
    await sql`alter table canary_table rename to token_revocation`.execute(db);
    expect({ status, data }).toEqual({ status: 503, data: null });
    expect(errors).toMatchObject([{ extensions: { code: 'AUTHENTICATION_UNAVAILABLE' } }]);
    expect(exported.status).toBe(503);
    expect(anonymous).toBe(401);
    const lines = logged.filter((line) => line.includes('the revoked tokens could not be read'));
    expect(lines).toHaveLength(1);
    await vi.waitFor(async () => expect(await statusOf(world.admin)).toBe(200));
  });
});
