import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DELETE } from './support/documents.ts';
import { ended, requestErasure, taskAt } from './support/erasures.ts';
import { startWorld, type World } from './support/world.ts';

/** Person 3 is protected everywhere, 15 and 50 at one integration each. */
const PROTECTED = {
  particle: ['Dmitri.Abel.3@EXAMPLE.com'],
  engagelab: ['1800000000000000003', '1800000000000000032'],
  learn: ['HR/EMEA 7', 'emp-00004'],
  vpn: ['user3', 'User4'],
  onelogin: ['100003', '100015'],
};

let folder: string;
let world: World;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'customer-gateway-protected-'));
  world = await startWorld({ store: { folder } }, {}, { protectedIds: PROTECTED });
});

afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});

const deletes = async (): Promise<string[]> =>
  (await Promise.all(Object.values(world.vendors).map((vendor) => vendor.deletes()))).flat();

const blockersOf = async (number: number): Promise<string[][]> => {
  const { erasurePlan } = await world.admin.data(
    'query ($id: ID!) { erasurePlan(customerId: $id) { blockers { code integration { id } } } }',
    { id: world.id(number) },
  );
  return erasurePlan.blockers.map(({ code, integration }: { code: string; integration: { id: string } }) => [
    integration.id,
    code,
  ]);
};

/** What is still at OneLogin and at EngageLab, read back. */
async function left(): Promise<{ users: number[]; devices: string[] }> {
  const present = ({ goneAt }: { goneAt: number | null }): boolean => goneAt === null;
  const { users } = await world.vendors.onelogin.state<{ users: { id: number; goneAt: number | null }[] }>();
  const { devices } = await world.vendors.engagelab.state<{
    devices: { registrationId: string; goneAt: number | null }[];
  }>();
  return {
    users: users.filter(present).map(({ id }) => id),
    devices: devices.filter(present).map(({ registrationId }) => registrationId),
  };
}

const RETAINED = { state: 'BLOCKED', errorCode: 'PROTECTED', outcome: 'RETAINED' };

describe('a protected account', () => {
  test('blocks the plan and the deletion at every provider; an address in any case', async () => {
    const blockers = ['vpn', 'particle', 'engagelab', 'learn', 'onelogin'].map((id) => [id, 'PROTECTED']);
    expect(await blockersOf(3)).toEqual(blockers);
    const { deleteCustomer } = await world.admin.data(DELETE, {
      input: { customerId: world.id(3), reason: 'a test', overrideReason: 'even so' },
    });
    expect(deleteCustomer.__typename).toBe('ErasureBlockedError');
    expect(await deletes()).toEqual([]);
  });

  test('is meant by its very id: another case of a ref or a user id is somebody else', async () => {
    expect(await blockersOf(4)).toEqual([]);
  });

  test('whose id is known blocks the plan also while its provider cannot be asked', async () => {
    await world.vendors.learn.fault({ kind: 'STATUS', status: 503 });
    expect(await blockersOf(3)).toContainEqual(['learn', 'PROTECTED']);
    await world.vendors.learn.fault();
  });

  test('that only a look during the erasure finds, by e-mail or by alias, is retained', async () => {
    await world.gateway.store.pool.query(
      `delete from link where integration_id = 'onelogin' and external_id = '100015'`,
    );
    for (const [number, integrationId] of [
      [15, 'onelogin'],
      [50, 'engagelab'],
    ] as const) {
      await world.vendors[integrationId].fault({ kind: 'STATUS', status: 503, times: 1, method: 'GET' });
      const id = await requestErasure(world.admin, world.id(number), { integrationIds: [integrationId] });
      const erasure = await ended(world.admin, id);
      expect(taskAt(erasure, integrationId)).toMatchObject({ presence: 'UNREACHABLE', ...RETAINED });
      expect(erasure).toMatchObject({ state: 'FAILED', irreversibleAt: null });
    }
    expect(await deletes()).toEqual([]);
    const { users, devices } = await left();
    expect(users).toContain(100_015);
    expect(devices).toContain('1800000000000000032');
  });

  test('that was listed while an erasure waited is retained, and the rest is deleted', async () => {
    const person = world.person(16);
    await world.admin.data('mutation { pauseErasures(input: { reason: "a test" }) { __typename } }');
    const id = await requestErasure(world.admin, world.id(16), { integrationIds: ['learn', 'onelogin'] });
    await world.restart({ onelogin: [String(person.onelogin!.id)] });
    await world.admin.data('mutation { resumeErasures(input: { reason: "a test" }) { __typename } }');
    const erasure = await ended(world.admin, id);
    expect(taskAt(erasure, 'onelogin')).toMatchObject({ presence: 'FOUND', ...RETAINED });
    expect(taskAt(erasure, 'learn')).toMatchObject({ outcome: 'REDACTED' });
    expect(erasure.state).toBe('PARTIAL');
    expect((await left()).users).toContain(person.onelogin!.id);
    expect(await world.vendors.onelogin.deletes()).toEqual([]);
  });
});
