import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { erase, taskAt } from './support/erasures.ts';
import { createDatabase, dropDatabase } from './support/postgres-databases.ts';
import { payloadOf, receiptOf } from './support/receipts.ts';
import { startWorld, type World } from './support/world.ts';

let databaseUrl: string;
let world: World;

beforeAll(async () => {
  databaseUrl = await createDatabase();
  world = await startWorld({ store: { databaseUrl } });
});

afterAll(async () => {
  await world.close();
  await dropDatabase(databaseUrl);
});

describe('deleting a customer everywhere, on PostgreSQL', () => {
  test('COMPLETED, each provider asked once, on its documented path', async () => {
    const { email, engagelab, learn, vpn, onelogin } = world.person(1);
    const erasure = await erase(world.admin, world.id(1));

    expect(erasure.state).toBe('COMPLETED');
    expect(taskAt(erasure, 'vpn')).toMatchObject({ outcome: 'SOFT_DELETED', verdict: 'VERIFIED_ABSENT' });
    expect(taskAt(erasure, 'learn')).toMatchObject({ outcome: 'REDACTED', verdict: 'VERIFIED_REDACTED' });
    for (const id of ['particle', 'engagelab', 'onelogin']) {
      expect(taskAt(erasure, id)).toMatchObject({ outcome: 'DELETED', verdict: 'VERIFIED_ABSENT' });
    }
    expect(await world.vendors.vpn.deletes()).toEqual([`/customer/${vpn!.userId}`]);
    expect(await world.vendors.engagelab.deletes()).toEqual([`/v4/devices/${engagelab!.registrationId}`]);
    expect(await world.vendors.learn.deletes()).toEqual([`/rest/v2/users/ref/${learn!.ref}`]);
    expect(await world.vendors.onelogin.deletes()).toEqual([`/api/2/users/${onelogin!.id}`]);
    const particle = await world.vendors.particle.deletes();
    expect(particle.at(-1)).toBe(`/v1/products/sandbox-product/customers/${encodeURIComponent(email)}`);
    expect(particle.filter((path) => path.endsWith('/owner'))).toHaveLength(3);
  });

  test('at one integration: the receipt says where it was asked for', async () => {
    const { id } = await erase(world.admin, world.id(4), { integrationIds: ['learn'] });
    const { jws } = await receiptOf(world.admin, id);
    expect(payloadOf(jws)).toMatchObject({
      state: 'COMPLETED',
      integrationIds: ['learn'],
      reached: ['learn'],
    });
  });
});
