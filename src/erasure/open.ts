import { createHash, randomUUID } from 'node:crypto';
import type { Principal, TokenIdentity } from '../access/viewer.ts';
import { record } from '../audit/log.ts';
import type { AccountReader } from '../customer/accounts.ts';
import type { Customer } from '../customer/customer.ts';
import type { Engine } from '../engine/engine.ts';
import type { Tx } from '../store/store.ts';
import { approverColumns, requesterColumns } from './backing.ts';
import { blockersOf } from './blockers.ts';
import { refuseAboveCap } from './cap.ts';
import { ERASURE_JOB, type ErasureContext } from './context.ts';
import type { Erasure } from './erasure.ts';
import { ErasureAlreadyOpenError, ErasureBlockedError } from './errors.ts';
import { refuseDrift } from './plan-drift.ts';
import { planHash } from './plan-hash.ts';
import { isMeant, makePlan, type Plan } from './plan.ts';
import { beginningOf, needsApproval } from './policy.ts';
import { taskRows } from './task-rows.ts';
import { keysOf } from './identity.ts';
import { refusePersonalText } from './personal-text.ts';

/** What is asked for. */
export interface ErasureRequest {
  customerId: string;
  /** Why, in the requester's words; it is kept in the audit log. */
  reason: string;
  /** Of the requester's choice: a repeated request with the same key is the same erasure. */
  idempotencyKey: string | null;
  /** Null: everywhere. */
  integrationIds: readonly string[] | null;
  /** The plan that was looked at before; null: whatever is there. */
  planHash: string | null;
  /** Not before this time; null: as soon as the policy lets it. */
  scheduledFor: Date | null;
  /** Whether accounts are suspended until then, where that can be undone. */
  suspends: boolean;
  /** Who approved it as one of many, by their token; null: nobody. */
  approvedBy: TokenIdentity | null;
  /** Why the caps do not count this once; null: they do. */
  overrideReason: string | null;
}

/** The request that an erasure is asked for in. */
export interface Requester {
  viewer: Principal;
  reader: AccountReader;
  requestId: string;
  signal: AbortSignal;
}

/** Of what was asked for, so that an idempotency key is not used for something else. */
export function hashOf(request: ErasureRequest): string {
  const { customerId, reason, integrationIds, planHash, scheduledFor, suspends } = request;
  const where = integrationIds && [...integrationIds].sort();
  return createHash('sha256')
    .update(JSON.stringify([customerId, reason, where, planHash, scheduledFor, suspends]))
    .digest('hex');
}

/** What is kept of an idempotency key: callers put into it what they like, such as an e-mail address. */
export const hashOfKey = (idempotencyKey: string): string =>
  createHash('sha256').update(idempotencyKey).digest('hex');

/** @throws {ErasureAlreadyOpenError} */
export async function refuseIfOpen({ store }: ErasureContext, customerId: string): Promise<void> {
  const open = await store.db
    .selectFrom('erasure')
    .select('id')
    .where('customer_id', '=', customerId)
    .where('finished_at', 'is', null)
    .executeTakeFirst();
  if (open) throw new ErasureAlreadyOpenError(open.id);
}

async function insert(
  tx: Tx,
  { policy }: ErasureContext,
  plan: Plan,
  request: ErasureRequest,
  { viewer, requestId }: Requester,
  at: Date,
): Promise<Pick<Erasure, 'id' | 'state'>> {
  const id = randomUUID();
  const { approvedBy } = request;
  const awaits = approvedBy === null && needsApproval(policy, viewer.role, plan);
  const state = awaits ? 'AWAITING_APPROVAL' : 'SCHEDULED';
  const scheduledFor = beginningOf(policy, request.scheduledFor, at);
  const suspends = scheduledFor !== null && (request.suspends || policy.suspends);
  await tx
    .insertInto('erasure')
    .values({
      id,
      customer_id: plan.customer.id,
      state,
      integration_ids: JSON.stringify(request.integrationIds),
      plan_hash: planHash(plan),
      scheduled_for: scheduledFor,
      suspends,
      approved_by: approvedBy?.subject ?? null,
      approved_at: approvedBy === null ? null : at,
      approval_expires_at: awaits ? new Date(at.getTime() + policy.approvalMs) : null,
      everywhere: request.integrationIds === null,
      reason: request.reason,
      requested_by: viewer.subject,
      requester_role: viewer.role,
      requester_manager: viewer.manager,
      ...requesterColumns(viewer),
      ...approverColumns(approvedBy),
      idempotency_key: request.idempotencyKey && hashOfKey(request.idempotencyKey),
      input_hash: hashOf(request),
      request_id: requestId,
      requested_at: at,
    })
    .execute();
  const tasks = taskRows(
    id,
    plan.items,
    plan.createdAt,
    awaits ? 'AFTER_APPROVAL' : { scheduledFor, suspends },
  );
  if (tasks.length > 0) await tx.insertInto('task').values(tasks).execute();
  return { id, state };
}

/** Counts the deletion against the caps, or writes down that it was not. */
async function guardCaps(
  tx: Tx,
  { caps }: ErasureContext,
  { viewer, requestId }: Requester,
  { overrideReason }: ErasureRequest,
  { customer, items }: Plan,
  at: Date,
): Promise<void> {
  if (overrideReason !== null) {
    const entry = { actor: viewer, requestId, customerId: customer.id, reason: overrideReason };
    return record(tx, { ...entry, action: 'guard.overridden', details: { guard: 'CAP' } }, at);
  }
  const meant = items.filter(isMeant);
  if (caps)
    await refuseAboveCap(
      tx,
      caps,
      viewer.role,
      meant.map(({ integration }) => integration.id),
      at,
    );
}

/** Plans anew, and opens the erasure when nothing forbids it. Returns its id. */
export async function openErasure(
  context: ErasureContext,
  engine: Engine,
  by: Requester,
  request: ErasureRequest,
  customer: Customer,
): Promise<string> {
  await refuseIfOpen(context, customer.id);
  const only = request.integrationIds ? new Set(request.integrationIds) : undefined;
  const at = context.clock.now(); // links from here on are not planned for
  const plan = await makePlan(by.reader, customer, only, at);
  const { reason, overrideReason } = request;
  refusePersonalText({ reason, overrideReason }, { name: null, keys: plan.items.flatMap(keysOf) });
  const blockers = blockersOf(plan);
  if (blockers.length > 0) throw new ErasureBlockedError(blockers);
  if (request.planHash !== null) refuseDrift(request.planHash, plan, at);
  return context.store.transaction(async (tx) => {
    await guardCaps(tx, context, by, request, plan, at);
    const { id: erasureId, state } = await insert(tx, context, plan, request, by, at);
    const { reason } = request;
    const entry = { action: 'erasure.requested', customerId: customer.id, erasureId, reason };
    await record(tx, { actor: by.viewer, requestId: by.requestId, ...entry, details: { state } }, at);
    await engine.enqueue(tx, ERASURE_JOB, erasureId);
    return erasureId;
  });
}
