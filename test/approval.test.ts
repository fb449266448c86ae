import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../src/erasure/policy.ts';
import type { Api, GraphqlAnswer } from './support/api.ts';
import { APPROVE, CANCEL, DENY, ERASURE } from './support/documents.ts';
import { ended, erase, requestErasure } from './support/erasures.ts';
import { MovableClock } from './support/movable-clock.ts';
import { startWorld, type World } from './support/world.ts';

const HOUR_MS = 3_600_000;
const clock = new MovableClock();
let world: World;
let reseller: Api;
let master: Api;
let numbers: number[];
let number: number;

beforeAll(async () => {
  const policy = { ...DEFAULT_POLICY, approvalFor: new Set(['RESALE'] as const), approvalForHardCases: true };
  world = await startWorld({ policy, clock });
  reseller = await world.as({ role: 'RESALE', manager: 'alpine' });
  master = await world.as({ role: 'MASTER' });
  numbers = world.people
    .filter(({ manager, vpn, particle, learn, onelogin }) => manager && vpn && particle && learn && onelogin)
    .map((person) => person.number)
    .slice(5);
});

afterAll(() => world.close());

beforeEach(() => {
  number = numbers.shift()!;
});

const deletes = async (): Promise<number> =>
  (await Promise.all(Object.values(world.vendors).map((vendor) => vendor.deletes()))).flat().length;

const seen = async (api: Api, id: string): Promise<GraphqlAnswer['data']> =>
  (await api.data(`query ($id: ID!) { erasure(id: $id) { state plan { hash blockers { code } } } }`, { id }))
    .erasure;

const approve = async (api: Api, erasureId: string, planHash?: string): Promise<GraphqlAnswer['data']> => {
  const hash = planHash ?? (await seen(api, erasureId)).plan.hash;
  return (await api.data(APPROVE, { input: { erasureId, planHash: hash } })).approveErasure;
};

const claimDevice = async (email: string): Promise<void> => {
  const state = await world.vendors.particle.state<{ devices: { id: string; owner: string | null }[] }>();
  const devices = [
    ...state.devices,
    { ...state.devices[0]!, id: `e00f${email.length}${'0'.repeat(18)}`, owner: email },
  ];
  await world.vendors.particle.hold({ ...state, devices });
};

describe('an erasure that somebody else has to approve', () => {
  test('waits, deletes nothing, and runs once a second person has approved what is there', async () => {
    const before = await deletes();
    const id = await requestErasure(reseller, world.id(number));
    const { erasure } = await world.admin.data(ERASURE, { id });
    expect(erasure.state).toBe('AWAITING_APPROVAL');
    for (const task of erasure.tasks)
      expect(task).toMatchObject({ state: 'PENDING', waitingReason: 'APPROVAL' });
    expect(await deletes()).toBe(before);
    expect(await approve(master, id)).toMatchObject({ erasure: { approvedBy: 'MASTER' } });
    expect((await ended(world.admin, id)).state).toBe('COMPLETED');
  });

  test('is not approved by its requester, by whoever lacks the scope, or unseen', async () => {
    const twin = await world.as({ role: 'ADMIN', subject: 'RESALE' });
    const id = await requestErasure(reseller, world.id(number));
    expect(await approve(twin, id)).toMatchObject({ __typename: 'OwnRequestError' });
    const { hash } = (await seen(master, id)).plan;
    const { errors } = await reseller.send(APPROVE, { input: { erasureId: id, planHash: hash } });
    expect(errors[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
    expect(await approve(master, id, 'nonsense')).toMatchObject({ __typename: 'PlanExpiredError' });
    expect((await seen(master, id)).state).toBe('AWAITING_APPROVAL');
    await master.data(CANCEL, { id });
    expect((await ended(master, id)).state).toBe('CANCELED');
  });

  test('is not approved by a plan that no longer holds', async () => {
    const id = await requestErasure(reseller, world.id(number));
    const { hash } = (await seen(master, id)).plan;
    await claimDevice(world.person(number).email);
    expect(await approve(master, id, hash)).toMatchObject({
      __typename: 'PlanChangedError',
      changes: [{ kind: 'SIDE_EFFECTS' }],
    });
    expect(await approve(master, id)).toMatchObject({ __typename: 'ErasureDecisionPayload' });
    expect((await ended(world.admin, id)).state).toBe('COMPLETED');
  });

  test('is denied with a reason: nothing is deleted, and nobody can approve it afterwards', async () => {
    const before = await deletes();
    const id = await requestErasure(reseller, world.id(number));
    const { hash } = (await seen(master, id)).plan;
    const { denyErasure } = await master.data(DENY, { input: { erasureId: id, reason: 'a mistake' } });
    expect(denyErasure.__typename).toBe('ErasureDecisionPayload');
    expect((await ended(world.admin, id)).state).toBe('DENIED');
    expect(await approve(world.admin, id, hash)).toMatchObject({
      __typename: 'NotAwaitingApprovalError',
      erasure: { state: 'DENIED' },
    });
    expect(await deletes()).toBe(before);
  });

  test('is denied by time', async () => {
    const id = await requestErasure(reseller, world.id(number));
    clock.forward(73 * HOUR_MS);
    const { approveErasure } = await master.data(APPROVE, { input: { erasureId: id, planHash: 'any' } });
    expect(approveErasure.__typename).toBe('NotAwaitingApprovalError');
    await world.admin.data(`mutation { resumeErasures(input: { reason: "look" }) { __typename } }`);
    const erasure = await ended(world.admin, id);
    expect(erasure.state).toBe('DENIED');
    for (const task of erasure.tasks) expect(task).toMatchObject({ state: 'CANCELED', outcome: null });
  });

  test('is any that the plan could not look at closely, whoever asks', async () => {
    await world.vendors.learn.fault({ kind: 'STATUS', status: 503, method: 'GET' });
    const id = await requestErasure(world.admin, world.id(number));
    expect((await seen(world.admin, id)).state).toBe('AWAITING_APPROVAL');
    await world.vendors.learn.fault();
    expect(await approve(master, id)).toMatchObject({ __typename: 'ErasureDecisionPayload' });
    expect((await ended(world.admin, id)).state).toBe('COMPLETED');
  });

  test('is not one of somebody who has to ask nobody', async () => {
    expect((await erase(world.admin, world.id(number))).state).toBe('COMPLETED');
  });
});
