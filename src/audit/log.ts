import { randomBytes } from 'node:crypto';
import { announce } from '../store/changes.ts';
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

/** The next number of an erasure's entries. Its row stays locked until the transaction ends, so none is skipped. */
async function nextSequence(tx: Tx, erasureId: string): Promise<number> {
  const { sequence } = await tx
    .updateTable('erasure')
    .set((eb) => ({ sequence: eb('sequence', '+', 1) }))
    .where('id', '=', erasureId)
    .returning('sequence')
    .executeTakeFirstOrThrow();
  return sequence;
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
  const sequence = erasureId ? await nextSequence(tx, erasureId) : null;
  await tx
    .insertInto('audit_entry')
    .values(rowOf(entry, at, sequence))
    .execute();
  if (erasureId) await announce(tx, erasureId);
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
