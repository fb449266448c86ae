import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startWorld, type World } from './support/world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world.close());

afterEach(async () => {
  for (const vendor of Object.values(world.vendors)) {
    await vendor.fault();
    await vendor.forget();
  }
});

describe('a plan', () => {
  const PLAN = `query ($id: ID!) {
    erasurePlan(customerId: $id) {
      items {
        integration { id } presence externalId leaves canBeVerified verifiedWithinSeconds
        sideEffects { code count names } warnings { code }
      }
      pointOfNoReturn { integration { id } }
      blockers { code integration { id } }
    }
  }`;

  test('shows what would happen, in order, and changes nothing', async () => {
    const { erasurePlan } = await world.admin.data(PLAN, { id: world.id(1) });
    expect(erasurePlan.blockers).toEqual([]);
    expect(erasurePlan.items.map((item: { integration: { id: string } }) => item.integration.id)).toEqual([
      'vpn',
      'particle',
      'engagelab',
      'learn',
      'onelogin',
    ]);
    expect(erasurePlan.pointOfNoReturn).toEqual({ integration: { id: 'vpn' } });
    expect(erasurePlan.items[4]).toMatchObject({ canBeVerified: true, verifiedWithinSeconds: 756 });
    expect(erasurePlan.items[1].sideEffects).toEqual([
      { code: 'CLAIMED_DEVICES', count: 3, names: world.person(1).particle!.deviceIds },
    ]);
    for (const vendor of Object.values(world.vendors)) expect(await vendor.deletes()).toEqual([]);
  });

  test('names an active subscription as a blocker', async () => {
    const { erasurePlan } = await world.admin.data(PLAN, { id: world.id(2) });
    expect(erasurePlan.blockers).toEqual([{ code: 'ACTIVE_SUBSCRIPTION', integration: { id: 'vpn' } }]);
  });

  test('says which integration could not be asked, and which is not linked', async () => {
    await world.vendors.particle.fault({ kind: 'RESET_BEFORE', method: 'GET' });
    const unlinked = world.people.find((person) => !person.learn)!.number;
    const { erasurePlan } = await world.admin.data(PLAN, { id: world.id(unlinked) });
    const presence = Object.fromEntries(
      erasurePlan.items.map((item: { integration: { id: string }; presence: string }) => [
        item.integration.id,
        item.presence,
      ]),
    );
    expect(presence).toMatchObject({ particle: 'UNREACHABLE', learn: 'NOT_LINKED' });
  });
});
