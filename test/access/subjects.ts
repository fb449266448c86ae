import { randomBytes, randomUUID } from 'node:crypto';
import { registerManager } from '../../src/customer/managers.ts';
import { DEFAULT_POLICY } from '../../src/erasure/policy.ts';
import { people, type Person } from '../../src/sandbox/people.ts';
import type { Api } from '../support/api.ts';
import { preview } from '../support/bulks.ts';
import { ERASURE } from '../support/documents.ts';
import { ended, requestErasure } from '../support/erasures.ts';
import { peopleEverywhere } from '../support/sweeps.ts';
import { startWorld, type World } from '../support/world.ts';
import { Receiver } from '../webhooks/receiver.ts';
import { ROLES, type Place, type Role } from './oracle.ts';

/** The reseller in the middle: `alpine` is above it, `meadow` beside it and `icefall` below. */
export const MANAGER = 'glacier';

const MANAGER_AT: Partial<Record<Place, string | null>> = {
  own: MANAGER,
  below: 'icefall',
  sibling: 'meadow',
  parent: 'alpine',
  unmanaged: null,
};

/** What there is at a place, by the ids that ways in take. */
export interface Things {
  customerId: string;
  email: string;
  managerId: string | null;
  /** Of the customer: one that is scheduled. */
  erasureId: string;
  taskId: string;
  reappearanceId: string;
  /** Latest entry of the audit log about the customer. */
  entryId: string;
  /** Of a second customer. */
  heldCustomerId: string;
  holdId: string;
  /** Of a third: one that waits for an approval. */
  awaitingErasureId: string;
  /** A fourth, whom nothing is known of; a bulk waits for an approval to delete them. */
  freeCustomerId: string;
  bulkId: string;
  /** Of the whole gateway, and at no place but one's own. */
  importId: string;
  deliveryId: string;
  /** Hash of each role's own look at deleting the fourth. */
  previewHashes: Record<Role, string>;
}

export interface Stage {
  world: World;
  at: Readonly<Record<Place, Partial<Things>>>;
  /** Customers of the middle of whom nothing is known. */
  spare: string[];
  /** Texts that tell of a place, each of them by customers or by a bulk. */
  marks: readonly { place: Place; bulk: boolean; text: string }[];
  close(): Promise<void>;
}

const globalId = (type: string, id: string): string => Buffer.from(`${type}:${id}`).toString('base64url');

/** The UUID within a global id; any other id as it is. */
const uuidOf = (id: string): string =>
  /^[A-Z]\w+:([0-9a-f-]{36})$/.exec(Buffer.from(id, 'base64url').toString())?.[1] ?? id;

/** Customers of one bulk: more than a reseller has that were made for tests, and fewer than there are. */
const MOST = 3;

const DAY_MS = 86_400_000;
/** Providers are asked more often than their documented limits allow. */
const OFTEN = { rateLimit: { requests: 100_000, perSeconds: 1 } };
const UNLIMITED = { particle: OFTEN, engagelab: OFTEN, learn: OFTEN, vpn: OFTEN, onelogin: OFTEN };

const LEARN = { integrationIds: ['learn'] };

/** A request that begins a bulk of one customer, which then waits for an approval. */
async function startBulk(api: Api, customerId: string): Promise<string> {
  const selection = { customerIds: [customerId], ...LEARN };
  const { hash } = await preview(api, selection);
  const { deleteCustomers } = await api.data(
    `mutation ($input: DeleteCustomersInput!) { deleteCustomers(input: $input) {
      ... on DeleteCustomersPayload { bulk { id } } } }`,
    { input: { ...selection, previewHash: hash, reason: 'a bulk' } },
  );
  return deleteCustomers.bulk.id;
}

/** An account of the customer that is there again, as a sweep would write it down. */
async function reappear({ gateway }: World, customerId: string, erasureId: string): Promise<string> {
  const id = randomUUID();
  await gateway.store.pool.query(
    `insert into reappearance (id, integration_id, account, external_id, matched_by, customer_id, erasure_id, first_seen_at)
     values ($1, 'learn', $2, $3, 'ACCOUNT', $4, $5, now())`,
    [id, randomBytes(32), `again-${id}`, uuidOf(customerId), uuidOf(erasureId)],
  );
  return id;
}

async function lastEntry(admin: Api, customerId: string): Promise<string> {
  const { auditLog } = await admin.data(
    'query ($customerId: ID) { auditLog(customerId: $customerId, last: 1) { edges { node { id } } } }',
    { customerId },
  );
  return auditLog.edges[0].node.id;
}

/** Whoever asks at a place: a reseller of the same subject as the one that is judged. */
const requesterAt = (world: World, place: Place): Promise<Api> => {
  const manager = MANAGER_AT[place];
  return manager ? world.as({ role: 'RESALE', manager }) : world.as({ role: 'MASTER', subject: 'a master' });
};

async function hashesOf(world: World, customerId: string): Promise<Record<Role, string>> {
  const hashes = ROLES.map(async (role) => {
    const api = await world.as({ role, manager: MANAGER });
    const { hash } = await preview(api, { customerIds: [customerId], ...LEARN });
    return [role, hash as string];
  });
  return Object.fromEntries(await Promise.all(hashes)) as Record<Role, string>;
}

async function assign(admin: Api, customerId: string, managerId: string | null): Promise<void> {
  await admin.data(
    `mutation ($input: AssignManagerInput!) { assignManager(input: $input) { ... on CustomerPayload { customer { id } } } }`,
    { input: { customerId, managerId } },
  );
}

/** Everything that can be asked for about four people of one manager. */
async function populate(world: World, place: Place, persons: Person[]): Promise<Partial<Things>> {
  const { admin } = world;
  const managerId = MANAGER_AT[place]!;
  const ids = persons.map(({ number }) => world.id(number));
  for (const id of ids) await assign(admin, id, managerId);
  const [customerId, heldCustomerId, awaitingId, freeCustomerId] = ids as [string, string, string, string];
  const scheduledFor = new Date(Date.now() + 30 * DAY_MS).toISOString();
  const erasureId = await requestErasure(admin, customerId, { ...LEARN, scheduledFor });
  const requester = await requesterAt(world, place);
  const { placeHold } = await admin.data(
    'mutation ($input: PlaceHoldInput!) { placeHold(input: $input) { ... on HoldPayload { hold { id } } } }',
    { input: { customerId: heldCustomerId, ground: 'a dispute' } },
  );
  const { erasure } = await admin.data(ERASURE, { id: erasureId });
  return {
    customerId,
    email: persons[0]!.email,
    managerId,
    erasureId,
    taskId: erasure.tasks[0].id,
    reappearanceId: await reappear(world, customerId, erasureId),
    entryId: await lastEntry(admin, customerId),
    heldCustomerId,
    holdId: placeHold.hold.id,
    awaitingErasureId: await requestErasure(requester, awaitingId, LEARN),
    freeCustomerId,
    bulkId: await startBulk(requester, freeCustomerId),
    previewHashes: await hashesOf(world, freeCustomerId),
  };
}

/** A customer of the middle who was erased, and is forgotten. */
async function eraseOne(world: World, person: Person): Promise<Partial<Things>> {
  const customerId = world.id(person.number);
  await assign(world.admin, customerId, MANAGER);
  const erasureId = await requestErasure(world.admin, customerId);
  const { tasks } = await ended(world.admin, erasureId);
  const entryId = await lastEntry(world.admin, customerId);
  return { customerId, managerId: MANAGER, erasureId, taskId: tasks[0].id, entryId };
}

/** Ids that nothing has. */
const nothing = (): Omit<Things, 'previewHashes'> => ({
  customerId: globalId('Customer', randomUUID()),
  email: 'nobody@example.com',
  managerId: 'nobody',
  erasureId: globalId('Erasure', randomUUID()),
  taskId: randomUUID(),
  reappearanceId: randomUUID(),
  entryId: '999999999',
  heldCustomerId: globalId('Customer', randomUUID()),
  holdId: randomUUID(),
  awaitingErasureId: globalId('Erasure', randomUUID()),
  freeCustomerId: globalId('Customer', randomUUID()),
  bulkId: globalId('Bulk', randomUUID()),
  importId: globalId('CustomerImport', randomUUID()),
  deliveryId: '999999999',
});

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
