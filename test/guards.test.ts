import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Api, GraphqlAnswer } from './support/api.ts';
import { ended, erase, requestErasure, taskAt } from './support/erasures.ts';
import { startWorld, type World } from './support/world.ts';

let world: World;
let numbers: number[];

beforeAll(async () => {
  world = await startWorld();
  numbers = world.people
    .filter(
      ({ particle, learn, vpn, onelogin }) => particle && learn && vpn && !vpn.activeSubscription && onelogin,
    )
    .map(({ number }) => number)
    .slice(5);
});

afterAll(() => world.close());

const next = (): string => world.id(numbers.shift()!);

const place = async (api: Api, customerId: string, ground = 'a lawsuit'): Promise<GraphqlAnswer> =>
  api.send(
    `mutation ($input: PlaceHoldInput!) { placeHold(input: $input) {
      __typename ... on HoldPayload { hold { id ground } } ... on InvalidInputError { issues { path } } } }`,
    { input: { customerId, ground } },
  );

const release = async (holdId: string): Promise<GraphqlAnswer['data']> =>
  (
    await world.admin.data(
      `mutation ($id: ID!) { releaseHold(input: { holdId: $id, reason: "settled" }) { __typename } }`,
      { id: holdId },
    )
  ).releaseHold;

const deletes = async (): Promise<number> =>
  (await Promise.all(Object.values(world.vendors).map((vendor) => vendor.deletes()))).flat().length;

const waiting = async (id: string, enough: (state: GraphqlAnswer['data']) => boolean): Promise<void> => {
  await world.admin.watch(
    `subscription ($id: ID!) { erasureProgress(erasureId: $id) { action waitingReason } }`,
    { id },
    (results) => enough(results.at(-1)?.data?.erasureProgress),
  );
};

describe('a hold', () => {
  test('forbids the deletion until it is released, and each of two has to be', async () => {
    const id = next();
    const before = await deletes();
    const holds = [
      (await place(world.admin, id)).data.placeHold.hold,
      (await place(world.admin, id)).data.placeHold.hold,
    ];
    for (const hold of holds) {
      const { deleteCustomer } = await world.admin.data(
        `mutation ($id: ID!) { deleteCustomer(input: { customerId: $id, reason: "a test" }) {
          ... on ErasureBlockedError { blockers { code integration { id } } } } }`,
        { id },
      );
      expect(deleteCustomer.blockers).toEqual([{ code: 'HOLD', integration: null }]);
      expect(await release(hold.id)).toEqual({ __typename: 'HoldPayload' });
      expect(await release(hold.id)).toEqual({ __typename: 'HoldNotFoundError' });
    }
    expect(await deletes()).toBe(before);
    expect((await erase(world.admin, id)).state).toBe('COMPLETED');
  });

  test('that is placed while an erasure waits stops it before its next delete: RETAINED, with the ground', async () => {
    const id = next();
    await world.vendors.vpn.fault({ kind: 'RATE_LIMIT', method: 'DELETE', retryAfterSeconds: 1 });
    const erasureId = await requestErasure(world.admin, id);
    await waiting(erasureId, (event) => event?.waitingReason === 'RATE_LIMIT');
    const before = await deletes();
    await place(world.admin, id, 'a dispute');
    const erasure = await ended(world.admin, erasureId);
    expect(erasure).toMatchObject({ state: 'FAILED', irreversibleAt: null });
    for (const { state, outcome, errorCode } of erasure.tasks)
      expect({ state, outcome, errorCode }).toEqual({
        state: 'BLOCKED',
        outcome: 'RETAINED',
        errorCode: 'HELD',
      });
    expect(await deletes()).toBe(before);
    await world.vendors.vpn.fault();
  });

  test('is for who has the scope; its ground is shown to nobody else', async () => {
    const reseller = await world.as({ role: 'RESALE', manager: 'glacier' });
    const own = world.people.find(({ manager, number }) => manager === 'glacier' && number > 50)!.number;
    await place(world.admin, world.id(own), 'sealed');
    const refused = await place(reseller, world.id(own));
    expect(refused.errors[0]!.extensions).toMatchObject({ code: 'FORBIDDEN' });
    const seen = await reseller.send(
      'query ($id: ID!) { customer(id: $id) { holds { ground } } erasurePlan(customerId: $id) { blockers { code message } } }',
      { id: world.id(own) },
    );
    expect(seen.data.erasurePlan.blockers).toMatchObject([{ code: 'HOLD' }]);
    expect(JSON.stringify(seen)).not.toContain('sealed');
    expect((await place(world.admin, world.id(own), ' ')).data.placeHold.issues).toEqual([
      { path: 'ground' },
    ]);
  });
});

describe('a blocker that the plan could not see', () => {
  test('is seen before the delete: an active subscription behind a provider that was down', async () => {
    await world.vendors.vpn.fault({ kind: 'STATUS', status: 503, method: 'GET', times: 1 });
    const erasure = await erase(world.admin, world.id(2), { integrationIds: ['vpn'] });
    expect(taskAt(erasure, 'vpn')).toMatchObject({
      presence: 'UNREACHABLE',
      state: 'BLOCKED',
      errorCode: 'BLOCKER',
    });
    const paths = await world.vendors.vpn.deletes();
    expect(paths).not.toContain(`/customer/${world.person(2).vpn!.userId}`);
  });
});

describe('the stop switch', () => {
  const turn = (api: Api, on: boolean): Promise<GraphqlAnswer> =>
    api.send(
      `mutation { ${on ? 'pauseErasures' : 'resumeErasures'}(input: { reason: "something is wrong" }) {
        ... on ErasurePausePayload { pause { reason } } } }`,
    );

  test('halts what is under way and what is asked for, and then all goes on', async () => {
    await world.vendors.vpn.fault({ kind: 'RATE_LIMIT', method: 'DELETE', times: 1, retryAfterSeconds: 1 });
    const running = await requestErasure(world.admin, next());
    await waiting(running, (event) => event?.waitingReason === 'RATE_LIMIT');
    expect((await turn(world.admin, true)).data.pauseErasures.pause).toEqual({
      reason: 'something is wrong',
    });
    const asked = await requestErasure(world.admin, next());
    const before = await deletes();
    await new Promise((resolve) => setTimeout(resolve, 1_500)); // longer than the provider's own pause
    expect(await deletes()).toBe(before);
    const { erasurePause } = await world.admin.data('{ erasurePause { reason pausedBy } }');
    expect(erasurePause).toEqual({ reason: 'something is wrong', pausedBy: expect.any(String) });

    expect((await turn(world.admin, false)).data.resumeErasures).toEqual({ pause: null });
    for (const id of [running, asked]) expect((await ended(world.admin, id)).state).toBe('COMPLETED');
  });

  test('lets what was deleted be looked at', async () => {
    await world.vendors.learn.fault({
      kind: 'STATUS',
      status: 503,
      method: 'GET',
      path: '/rest/v1/user/',
      times: 2,
    });
    const id = await requestErasure(world.admin, next(), { integrationIds: ['learn'] });
    await waiting(id, (event) => event?.action === 'erasure.irreversible');
    await turn(world.admin, true);
    expect(taskAt(await ended(world.admin, id), 'learn')).toMatchObject({ verdict: 'VERIFIED_REDACTED' });
    await turn(world.admin, false);
  });

  test('is for ADMIN alone', async () => {
    const master = await world.as({ role: 'MASTER' });
    for (const on of [true, false]) {
      expect((await turn(master, on)).errors[0]!.extensions).toMatchObject({ code: 'FORBIDDEN' });
    }
  });
});
