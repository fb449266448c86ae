import { randomBytes, randomUUID } from 'node:crypto';
import type { Person } from '../../src/sandbox/people.ts';
import type { Api } from '../support/api.ts';
import { preview } from '../support/bulks.ts';
import { ERASURE } from '../support/documents.ts';
import { ended, requestErasure } from '../support/erasures.ts';
import type { World } from '../support/world.ts';
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

const globalId = (type: string, id: string): string => Buffer.from(`${type}:${id}`).toString('base64url');

/** The UUID within a global id; any other id as it is. */
export const uuidOf = (id: string): string =>
  /^[A-Z]\w+:([0-9a-f-]{36})$/.exec(Buffer.from(id, 'base64url').toString())?.[1] ?? id;

const DAY_MS = 86_400_000;
const LEARN = { integrationIds: ['learn'] };

/** A request that begins a bulk of one customer, which then waits for an approval. */
export async function startBulk(api: Api, customerId: string): Promise<string> {
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

export async function hashesOf(world: World, customerId: string): Promise<Record<Role, string>> {
  const hashes = ROLES.map(async (role) => {
    const api = await world.as({ role, manager: MANAGER });
    const { hash } = await preview(api, { customerIds: [customerId], ...LEARN });
    return [role, hash as string];
  });
  return Object.fromEntries(await Promise.all(hashes)) as Record<Role, string>;
}

export async function assign(admin: Api, customerId: string, managerId: string | null): Promise<void> {
  await admin.data(
    `mutation ($input: AssignManagerInput!) { assignManager(input: $input) { ... on CustomerPayload { customer { id } } } }`,
    { input: { customerId, managerId } },
  );
}

/** Everything that can be asked for about four people of one manager. */
export async function populate(world: World, place: Place, persons: Person[]): Promise<Partial<Things>> {
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
export async function eraseOne(world: World, person: Person): Promise<Partial<Things>> {
  const customerId = world.id(person.number);
  await assign(world.admin, customerId, MANAGER);
  const erasureId = await requestErasure(world.admin, customerId);
  const { tasks } = await ended(world.admin, erasureId);
  const entryId = await lastEntry(world.admin, customerId);
  return { customerId, managerId: MANAGER, erasureId, taskId: tasks[0].id, entryId };
}

/** Ids that nothing has. */
export const nothing = (): Omit<Things, 'previewHashes'> => ({
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
