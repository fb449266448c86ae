import { registerManager } from '../../src/customer/managers.ts';
import { DEFAULT_POLICY } from '../../src/erasure/policy.ts';
import { people, type Person } from '../../src/sandbox/people.ts';
import { peopleEverywhere } from '../support/sweeps.ts';
import { startWorld, type World } from '../support/world.ts';
import { Receiver } from '../webhooks/receiver.ts';
import type { Place } from './oracle.ts';
import {
  assign,
  eraseOne,
  hashesOf,
  MANAGER,
  nothing,
  populate,
  startBulk,
  uuidOf,
  type Things,
} from './things.ts';

export interface Stage {
  world: World;
  at: Readonly<Record<Place, Partial<Things>>>;
  /** Customers of the middle of whom nothing is known. */
  spare: string[];
  /** Texts that tell of a place, each of them by customers or by a bulk. */
  marks: readonly { place: Place; bulk: boolean; text: string }[];
  close(): Promise<void>;
}

/** Customers of one bulk: more than a reseller has that were made for tests, and fewer than there are. */
const MOST = 3;

/** Providers are asked more often than their documented limits allow. */
const OFTEN = { rateLimit: { requests: 100_000, perSeconds: 1 } };
const UNLIMITED = { particle: OFTEN, engagelab: OFTEN, learn: OFTEN, vpn: OFTEN, onelogin: OFTEN };

/** What tells of customers at a place, and what of a bulk. */
function marksOf(
  place: Place,
  things: Partial<Things>,
  persons: readonly Person[],
): Stage['marks'][number][] {
  const { entryId: _entry, managerId: _manager, previewHashes: _hashes, bulkId, ...ids } = things;
  const texts = Object.values(ids).flatMap((id) => (id.includes('@') ? [] : [id, uuidOf(id)]));
  const names = persons.flatMap(({ email, learn, vpn }) => [email, learn!.ref, `"${vpn!.userId}"`]);
  const bulks = bulkId ? [{ place, bulk: true, text: bulkId }] : [];
  return [...bulks, ...[...texts, ...names].map((text) => ({ place, bulk: false, text }))];
}

async function importOne({ admin }: World): Promise<string> {
  const { importCustomers } = await admin.data(
    `mutation { importCustomers(input: { integrationId: "onelogin" }) {
      ... on ImportCustomersPayload { import { id } } } }`,
  );
  const { id } = importCustomers.import;
  await admin.watch('subscription ($id: ID!) { importProgress(importId: $id) { state } }', { id });
  return id;
}

/** A gateway with people at every place, and everything about them that can be asked for. */
export async function setStage(): Promise<Stage> {
  const receiver = await Receiver.start('receiver');
  const world = await startWorld(
    {
      webhooks: [receiver.endpoint],
      bulk: { most: MOST, approvalAbove: 0, approvalHours: 72 },
      policy: { ...DEFAULT_POLICY, approvalFor: new Set(['RESALE', 'MASTER']) },
    },
    {},
    { population: people(60), limits: UNLIMITED },
  );
  await registerManager(world.gateway.store, { id: 'icefall', parentId: MANAGER, name: 'Icefall Partners' });
  await world.admin.data(
    `mutation { registerCustomer(input: { name: "Made for tests", testCustomer: true, managerId: "meadow" }) { __typename } }`,
  );
  const unknown = nothing();
  const everywhere = peopleEverywhere(world).slice(2);
  const at: Stage['at'] = {
    own: {},
    erased: {},
    below: {},
    sibling: {},
    parent: {},
    unmanaged: {},
    unknown: { ...unknown, previewHashes: await hashesOf(world, unknown.freeCustomerId) },
  };
  const marks: Stage['marks'][number][] = [
    { place: 'parent', bulk: false, text: '"alpine"' },
    { place: 'sibling', bulk: false, text: '"meadow"' },
  ];
  for (const place of ['own', 'below', 'sibling', 'parent', 'unmanaged'] as const) {
    const persons = everywhere.splice(0, 4);
    Object.assign(at[place], await populate(world, place, persons));
    marks.push(...marksOf(place, at[place], persons));
  }
  const [gone, colleagues] = everywhere as [Person, Person];
  Object.assign(at.erased, await eraseOne(world, gone));
  marks.push(...marksOf('erased', at.erased, []));
  await assign(world.admin, world.id(colleagues.number), MANAGER);
  const spare = everywhere.slice(2).map(({ number }) => world.id(number));
  for (const id of spare) await assign(world.admin, id, MANAGER);
  const colleague = await world.as({ role: 'RESALE', subject: 'a colleague', manager: MANAGER });
  marks.push({ place: 'sibling', bulk: true, text: await startBulk(colleague, world.id(colleagues.number)) });
  await receiver.until((events) => events.length > 0);
  const { webhookDeliveries } = await world.admin.data(
    '{ webhookDeliveries(first: 1) { edges { node { id } } } }',
  );
  Object.assign(at.own, {
    importId: await importOne(world),
    deliveryId: webhookDeliveries.edges[0].node.id,
  });
  return {
    world,
    at,
    spare,
    marks,
    async close() {
      await world.close();
      await receiver.close();
    },
  };
}
