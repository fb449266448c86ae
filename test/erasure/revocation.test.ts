import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Api, GraphqlAnswer } from '../support/api.ts';
import { endedBulk, itemsOf, order, requestBulk } from '../support/bulks.ts';
import { APPROVE, RETRY } from '../support/documents.ts';
import { ended, erase, requestErasure, taskAt, waitsFor } from '../support/erasures.ts';
import { clockBehind, earlier, revoke } from '../support/revocations.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let numbers: number[];

beforeAll(async () => {
  const policy = { approvalFor: new Set(['MASTER'] as const), approvalForHardCases: false };
  const waits = { approvalMs: 3_600_000, coolOffMs: 0, suspends: false };
  world = await startWorld({ clock: clockBehind(), policy: { ...policy, ...waits } });
  numbers = world.people
    .filter(({ learn, vpn, onelogin }) => learn && vpn && !vpn.activeSubscription && onelogin)
    .map(({ number }) => number)
    .slice(5);
});

afterAll(() => world.close());

const next = (): string => world.id(numbers.shift()!);

const PAYLOAD = 'ErasureDecisionPayload';

const turn = (mutation: 'pauseErasures' | 'resumeErasures'): Promise<unknown> =>
  world.admin.data(`mutation { ${mutation}(input: { reason: "a test" }) { __typename } }`);

const approve = async (api: Api, id: string): Promise<GraphqlAnswer['data']> => {
  const seen = await api.data('query ($id: ID!) { erasure(id: $id) { plan { hash } } }', { id });
  const input = { erasureId: id, planHash: seen.erasure.plan.hash };
  return (await api.data(APPROVE, { input })).approveErasure;
};

/** The erasure has ended, and nothing was deleted. */
async function expectStopped(id: string): Promise<void> {
  const erasure = await ended(world.admin, id);
  expect(erasure).toMatchObject({ state: 'FAILED', irreversibleAt: null });
  for (const { state, errorCode } of erasure.tasks)
    expect({ state, errorCode }).toEqual({ state: 'BLOCKED', errorCode: 'NOT_AUTHORISED' });
}

describe('an erasure that has not deleted anything ends at once', () => {
  beforeAll(() => turn('pauseErasures'));
  afterAll(() => turn('resumeErasures'));

  test.each([
    ['the token that asked for it', { jti: 'asked' }],
    ['whoever asked for it', { subject: 'asker' }],
  ])('when %s is revoked', async (_name, which) => {
    const id = await requestErasure(await world.as(earlier(which)), next());
    await revoke(world.admin, which);
    await expectStopped(id);
  });

  test.each([
    ['the token that approved it', { jti: 'approved' }],
    ['whoever approved it', { subject: 'approver' }],
  ])('when %s is revoked', async (_name, which) => {
    const id = await requestErasure(await world.as(earlier({ role: 'MASTER' })), next());
    expect(await approve(await world.as(earlier(which)), id)).toMatchObject({ __typename: PAYLOAD });
    await revoke(world.admin, which);
    await expectStopped(id);
  });

  test('once it is approved, when whoever asked for it was revoked before', async () => {
    const asker = { role: 'MASTER', subject: 'gone meanwhile' } as const;
    const id = await requestErasure(await world.as(earlier(asker)), next());
    await revoke(world.admin, { subject: asker.subject });
    expect(await approve(world.admin, id)).toMatchObject({ __typename: PAYLOAD });
    await expectStopped(id);
  });

  test('and again when somebody else retries it: it stands on what was revoked', async () => {
    const id = await requestErasure(await world.as(earlier({ subject: 'thief' })), next());
    await revoke(world.admin, { subject: 'thief' });
    await expectStopped(id);
    const { retryErasure } = await world.admin.data(RETRY, { input: { erasureId: id, reason: 'go on' } });
    expect(retryErasure.__typename).toBe('ErasureResumedPayload');
    await expectStopped(id);
  });
});

describe('an erasure that runs', () => {
  test('stops before its next task', async () => {
    await world.vendors.learn.fault({ kind: 'RATE_LIMIT', method: 'DELETE', retryAfterSeconds: 1 });
    const api = await world.as(earlier({ subject: 'midway' }));
    const id = await requestErasure(api, next(), { integrationIds: ['vpn', 'learn', 'onelogin'] });
    await waitsFor(world.admin, id, 'RATE_LIMIT');
    await revoke(world.admin, { subject: 'midway' });
    await world.vendors.learn.fault();
    const erasure = await ended(world.admin, id);
    expect(erasure.state).toBe('PARTIAL');
    expect(taskAt(erasure, 'vpn')).toMatchObject({ state: 'SUCCEEDED', verdict: 'VERIFIED_ABSENT' });
    for (const place of ['learn', 'onelogin'])
      expect(taskAt(erasure, place)).toMatchObject({ state: 'BLOCKED', errorCode: 'NOT_AUTHORISED' });
    expect(await world.vendors.onelogin.deletes()).toEqual([]);
  });

  test('goes on when another token of its requester is revoked', async () => {
    await turn('pauseErasures');
    const id = await requestErasure(await world.as(earlier({ subject: 'two', jti: 'first' })), next(), {
      integrationIds: ['onelogin'],
    });
    await revoke(world.admin, { jti: 'second' });
    await turn('resumeErasures');
    expect((await ended(world.admin, id)).state).toBe('COMPLETED');
  });

  test('goes on when it was asked for with a token that was issued later', async () => {
    await revoke(world.admin, { subject: 'back again' });
    const api = await world.as({ role: 'ADMIN', subject: 'back again' });
    expect((await erase(api, next(), { integrationIds: ['onelogin'] })).state).toBe('COMPLETED');
  });
});

describe('a bulk', () => {
  test('begins no more erasures, and those that it has begun stop', async () => {
    const api = await world.as(earlier({ subject: 'bulk asker' }));
    await world.vendors.vpn.fault({ kind: 'RATE_LIMIT', method: 'DELETE', retryAfterSeconds: 2 });
    const customerIds = Array.from({ length: 25 }, next);
    const id = await requestBulk(api, { customerIds });
    await world.admin.watch(
      'subscription ($id: ID!) { bulkProgress(bulkId: $id) { counts { created } } }',
      { id },
      (seen) => seen.at(-1)?.data?.bulkProgress.counts.created > 0,
    );
    await order(world.admin, 'pauseBulk', id);
    await revoke(world.admin, { subject: 'bulk asker' });
    await world.vendors.vpn.fault();
    const { state, counts } = await endedBulk(world.admin, id);
    expect(state).toBe('COMPLETED');
    const items = [...(await itemsOf(world.admin, id)).values()];
    const refused = items.filter(({ code }) => code === 'NOT_AUTHORISED');
    expect(refused.length).toBeGreaterThanOrEqual(5); // at most 20 go on at the same time
    expect(refused.length + counts.failed + counts.partial).toBe(customerIds.length);
  });
});
