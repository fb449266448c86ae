import { randomBytes } from 'node:crypto';
import type { Updateable } from 'kysely';
import { announcement } from '../store/changes.ts';
import type { ErasureTable } from '../store/erasure-tables.ts';
import type { Tx } from '../store/store.ts';
import { commitmentsOf, leafText, SALT_LENGTH } from './leaf.ts';

/** Who did something: a viewer, or the gateway itself. */
export interface Actor {
  subject: string;
  role: string;
}

/** The gateway, when it goes on with what somebody asked for. */
export const GATEWAY: Actor = { subject: 'gateway', role: 'SYSTEM' };

/**
 * One line of the audit log. Names nobody: customers, erasures and integrations by their ids in the gateway. The details
 * are hashed as they are, and kept for ever.
 */
export interface AuditEntry {
  actor: Actor;
  action: string;
  customerId?: string | undefined;
  erasureId?: string;
  integrationId?: string;
  reason?: string;
  requestId?: string | undefined;
  details?: Record<string, unknown>;
}

function rowOf(entry: AuditEntry, at: Date, sequence: number | null) {
  const { subject: actor, role } = entry.actor;
  const { action, customerId = null, erasureId = null, integrationId = null } = entry;
  const { reason = null, requestId = null } = entry;
  const details = JSON.stringify(entry.details ?? {});
  const [salt, actorSalt] = [randomBytes(SALT_LENGTH), randomBytes(SALT_LENGTH)];
  const plain = { actor, role, action, erasureId, sequence, integrationId, requestId };
  const content = { ...plain, at: at.toISOString(), details: JSON.parse(details) as unknown };
  return {
    at,
    actor,
    role,
    action,
    customer_id: customerId,
    erasure_id: erasureId,
    sequence,
    integration_id: integrationId,
    reason,
    request_id: requestId,
    details,
    leaf: leafText(content, actorSalt, commitmentsOf({ customerId, reason }, salt)),
    salt,
    actor_salt: actorSalt,
  };
}

/** Writes an entry in the transaction of the change that it tells of, and wakes whoever watches that erasure. */
export async function record(tx: Tx, entry: AuditEntry, at: Date): Promise<void> {
  const { erasureId } = entry;
  if (erasureId) await recordOfErasure(tx, erasureId, {}, [entry], at);
  else await recordAll(tx, [entry], at);
}

/**
 * Changes an erasure, writes entries that tell of it, and wakes whoever watches it. They get the next numbers of the
 * erasure's entries: its row stays locked until the transaction ends, so none is skipped.
 */
export async function recordOfErasure(
  tx: Tx,
  erasureId: string,
  change: Updateable<ErasureTable>,
  entries: readonly AuditEntry[],
  at: Date,
): Promise<void> {
  const { sequence } = await tx
    .updateTable('erasure')
    .set((eb) => ({ ...change, sequence: eb('sequence', '+', entries.length) }))
    .where('id', '=', erasureId)
    .returning('sequence')
    .executeTakeFirstOrThrow();
  const first = sequence - entries.length + 1;
  const rows = entries.map((entry, i) => rowOf({ ...entry, erasureId }, at, first + i));
  await tx
    .with('written', (db) => db.insertInto('audit_entry').values(rows))
    .selectNoFrom(announcement(erasureId).as('announced'))
    .execute();
}

/** Writes many entries, none of which belongs to an erasure, as {@link record} does one. */
export async function recordAll(
  tx: Tx,
  entries: readonly Omit<AuditEntry, 'erasureId'>[],
  at: Date,
): Promise<void> {
  if (entries.length === 0) return;
  await tx
    .insertInto('audit_entry')
    .values(entries.map((entry) => rowOf(entry, at, null)))
    .execute();
}
