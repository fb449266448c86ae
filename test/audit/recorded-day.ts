import { vi } from 'vitest';
import { people } from '../../src/sandbox/people.ts';
import type { Store } from '../../src/store/store.ts';
import { erase } from '../support/erasures.ts';
import { startWorld, type World } from '../support/world.ts';

const POPULATION = 120;

const CHECKPOINT = '{ auditCheckpoint { jws } }';

const HOLD = `mutation ($id: ID!, $ground: String!) {
  placeHold(input: { customerId: $id, ground: $ground }) { __typename }
}`;

/** Waits until every entry has its place in the tree. */
export async function untilPlaced({ db }: Store): Promise<void> {
  const pending = db.selectFrom('audit_pending').selectAll();
  await vi.waitUntil(async () => (await pending.execute()).length === 0, { timeout: 10_000 });
}

/** The gateway's work of a day, by whom and on what. Returns the JWS of the checkpoint of noon. */
async function work(world: World): Promise<string> {
  await erase(world.admin, world.id(1));
  await erase(world.admin, world.id(3), { integrationIds: ['learn'] });
  await world.admin.data(HOLD, { id: world.id(4), ground: 'a lawsuit' });
  await untilPlaced(world.gateway.store);
  const { auditCheckpoint } = await world.admin.data(CHECKPOINT);
  await erase(world.admin, world.id(5), { integrationIds: ['learn'] });
  await world.admin.data(HOLD, { id: world.id(6), ground: 'a dispute' });
  await world.admin.data(HOLD, { id: world.id(7), ground: 'a debt' });
  return auditCheckpoint.jws;
}

/** Has a gateway write a real log into a folder, and stops it. Returns the JWS of a checkpoint of before the end. */
export async function recordDay(folder: string): Promise<string> {
  const world = await startWorld({ store: { folder } }, {}, { population: people(POPULATION) });
  return work(world).finally(() => world.close());
}
