import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Principal } from '../../src/access/viewer.ts';
import type { Api } from '../support/api.ts';
import { ended, requestErasure } from '../support/erasures.ts';
import { DOORS } from './doors.ts';
import { Judge, standing } from './judge.ts';
import { mutantsOfSource } from './mutants.ts';
import { NEVER, SCOPES } from './oracle.ts';
import { setStage, type Stage } from './stage.ts';
import { MANAGER } from './things.ts';

/** The one mutation that is switched on. */
const switches = {
  active: null as string | null,
  seen: (id: string, viewer: Principal): Principal =>
    id === switches.active ? { ...viewer, role: 'ADMIN', manager: null } : viewer,
};

/** Places that decide about nothing that is told or done, and why. */
const DECIDE_NOTHING: Record<string, string> = {
  'erasure/bulk/open-item.ts directory.byId 1': 'words a refusal; the request that follows checks',
  'erasure/bulk/selection.ts directory.count 1': 'words a refusal; the request that follows checks',
  'graphql/resolve-reappearance.ts reappearanceById 1': 'reads again what was just let through',
};

const RESELLER = { name: 'RESALE, every scope', asker: { role: 'RESALE', scopes: SCOPES } } as const;

let stage: Stage;
let reseller: Api;

beforeAll(async () => {
  Object.assign(globalThis, { mutants: switches });
  NEVER.RESALE = NEVER.MASTER;
  stage = await setStage();
  reseller = await stage.world.as({ role: 'RESALE', manager: MANAGER });
});

afterAll(() => stage.close());

const sql = (text: string, values: unknown[] = []): Promise<unknown> =>
  stage.world.gateway.store.pool.query(text, values);

const uuidOf = (id: string): string => Buffer.from(id, 'base64url').toString().split(':')[1]!;

/** What a reseller is told of whom it does not reach, at every door: the matrix itself. */
async function* atTheDoors(): AsyncGenerator<string[]> {
  const judge = new Judge(stage);
  for (const door of DOORS)
    for (const place of ['sibling', 'parent', 'own'] as const) {
      const isLet = standing(RESELLER, door, place) === 'let in';
      if (!judge.exists(door, place) || (isLet && (door.root === 'Mutation' || door.kind !== null))) continue;
      await judge.judge(RESELLER, door, place);
      yield judge.wrong;
    }
}

const expectEqual = (name: string, actual: unknown, expected: unknown): string[] =>
  JSON.stringify(actual) === JSON.stringify(expected) ? [] : [`${name}: ${JSON.stringify(actual)}`];

/** What the matrix does not show. */
async function* besides(): AsyncGenerator<string[]> {
  const { viewer } = await reseller.data('{ viewer { manager { parent { id } } } }');
  yield expectEqual('the manager above', viewer, { manager: { parent: null } });

  const email = `${Math.random()}@example.com`;
  const { registerCustomer } = await reseller.data(
    `mutation ($email: EmailAddress!) { registerCustomer(input: { email: $email }) {
      ... on CustomerPayload { customer { emailConfirmed } } } }`,
    { email },
  );
  yield expectEqual('an address of a reseller', registerCustomer, { customer: { emailConfirmed: false } });

  const { deletionPreview } = await reseller.data(
    `{ deletionPreview(input: { filter: { testCustomer: true } }) { __typename ... on DeletionPreview { customers } } }`,
  );
  yield expectEqual('a selection', deletionPreview, { __typename: 'DeletionPreview', customers: 2 });

  const { bulkId } = stage.at.own;
  await sql(
    `update bulk_erasure set state = 'RUNNING', paused_by = 'somebody else', paused_at = now() where id = $1`,
    [uuidOf(bulkId!)],
  );
  const { resumeBulk } = await reseller.data(
    'mutation ($bulkId: ID!) { resumeBulk(input: { bulkId: $bulkId, reason: "go on" }) { __typename } }',
    { bulkId },
  );
  await sql(
    `update bulk_erasure set state = 'AWAITING_APPROVAL', paused_by = null, paused_at = null where id = $1`,
    [uuidOf(bulkId!)],
  );
  yield expectEqual('a bulk that somebody else has paused', resumeBulk, { __typename: 'BulkStateError' });
}

/** An erasure whose customer has moved away since it was asked for. */
async function* whileItRuns(): AsyncGenerator<string[]> {
  const customerId = stage.spare.shift()!;
  const { admin } = stage.world;
  const erasureId = await requestErasure(reseller, customerId, { integrationIds: ['learn'] });
  await sql(`update customer set manager_id = 'meadow' where id = $1`, [uuidOf(customerId)]);
  const { erasure } = await admin.data('query ($id: ID!) { erasure(id: $id) { plan { hash } } }', {
    id: erasureId,
  });
  await admin.data(
    `mutation ($input: ApproveErasureInput!) { approveErasure(input: $input) { ... on ErasureDecisionPayload { erasure { id } } } }`,
    { input: { erasureId, planHash: erasure.plan.hash } },
  );
  const { tasks } = await ended(admin, erasureId);
  yield expectEqual('an erasure', tasks[0].errorCode, 'NOT_AUTHORISED');
}

/** The first thing that is wrong; null: nothing is. */
async function firstWrong(): Promise<string | null> {
  for (const looks of [atTheDoors, besides, whileItRuns])
    try {
      for await (const wrong of looks()) if (wrong[0]) return wrong[0];
    } catch (error) {
      return String(error);
    }
  return null;
}

/** Puts everybody back who was moved. */
async function restore(): Promise<void> {
  switches.active = null;
  for (const { managerId, customerId, heldCustomerId } of Object.values(stage.at))
    for (const id of [customerId, heldCustomerId])
      if (id)
        await sql('update customer set manager_id = $2 where id = $1', [
          uuidOf(id),
          managerId === 'nobody' ? null : managerId,
        ]);
}

test('an ownership check that is gone is noticed, each of them', async () => {
  const places = mutantsOfSource();
  expect(places.length).toBeGreaterThan(50);
  expect(await firstWrong()).toBeNull();
  const unnoticed: string[] = [];
  for (const place of places) {
    switches.active = place;
    const wrong = await firstWrong();
    await restore();
    if (wrong === null) unnoticed.push(place);
  }
  expect(unnoticed).toEqual(Object.keys(DECIDE_NOTHING));
  console.log(`${places.length - unnoticed.length} of ${places.length} places were noticed`);
}, 3_600_000);
