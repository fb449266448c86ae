import { createHash, randomUUID } from 'node:crypto';
import type { Viewer } from '../access/viewer.ts';
import { record } from '../audit/log.ts';
import type { AccountReader } from '../customer/accounts.ts';
import type { Customer } from '../customer/customer.ts';
import type { Engine } from '../engine/engine.ts';
import type { Tx } from '../store/store.ts';
import { blockersOf } from './blockers.ts';
import { refuseAboveCap } from './cap.ts';
import { ERASURE_JOB, type ErasureContext } from './context.ts';
import {
  ErasureAlreadyOpenError,
  ErasureBlockedError,
  PlanChangedError,
  PlanExpiredError,
} from './errors.ts';
import { driftFrom } from './plan-hash.ts';
import { isMeant, makePlan, rankOf, type Plan, type PlanItem } from './plan.ts';
import type { AttemptKind } from './words.ts';

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
  /** Why the caps do not count this once; null: they do. */
  overrideReason: string | null;
}

/** The request that an erasure is asked for in. */
export interface Requester {
  viewer: Viewer;
  reader: AccountReader;
  requestId: string;
  signal: AbortSignal;
}

/** Of what was asked for, so that an idempotency key is not used for something else. */
export function hashOf({ customerId, reason, integrationIds, planHash }: ErasureRequest): string {
  const where = integrationIds && [...integrationIds].sort();
  return createHash('sha256')
    .update(JSON.stringify([customerId, reason, where, planHash]))
    .digest('hex');
}

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

function firstKind({ presence, integration }: PlanItem): AttemptKind {
  if (presence === 'ABSENT' || presence === 'UNREACHABLE') return 'PROBE';
  return integration.prepare ? 'PREPARE' : 'DELETE';
}

function taskRow(erasureId: string, item: PlanItem, position: number) {
  const { integration, presence, key, account } = item;
  return {
    id: randomUUID(),
    erasure_id: erasureId,
    integration_id: integration.id,
    provider: integration.provider,
    position,
    rank: rankOf(integration.manifest),
    presence,
    key: JSON.stringify(key),
    account: JSON.stringify(account),
    state: 'PENDING',
    next: firstKind(item),
  };
}

async function insert(tx: Tx, plan: Plan, request: ErasureRequest, by: Requester, at: Date): Promise<string> {
  const { viewer, requestId } = by;
  const id = randomUUID();
  await tx
    .insertInto('erasure')
    .values({
      id,
      customer_id: plan.customer.id,
      state: 'SCHEDULED',
      everywhere: request.integrationIds === null,
      reason: request.reason,
      requested_by: viewer.subject,
      requester_role: viewer.role,
      requester_manager: viewer.manager,
      idempotency_key: request.idempotencyKey,
      input_hash: hashOf(request),
      request_id: requestId,
      requested_at: at,
    })
    .execute();
  const tasks = plan.items
    .filter((item) => item.key !== null)
    .map((item, position) => taskRow(id, item, position));
  if (tasks.length > 0) await tx.insertInto('task').values(tasks).execute();
  return id;
}

/** The drift guard: what was agreed to is what is done. */
function refuseDrift(hash: string, fresh: Plan, now: Date): void {
  const changes = driftFrom(hash, fresh, now);
  if (!changes) throw new PlanExpiredError(fresh);
  if (changes.length > 0) throw new PlanChangedError(changes, fresh);
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
  const plan = await makePlan(by.reader, customer, only, at, by.signal);
  const blockers = blockersOf(plan);
  if (blockers.length > 0) throw new ErasureBlockedError(blockers);
  if (request.planHash !== null) refuseDrift(request.planHash, plan, at);
  return context.store.transaction(async (tx) => {
    await guardCaps(tx, context, by, request, plan, at);
    const erasureId = await insert(tx, plan, request, by, at);
    const entry = { action: 'erasure.requested', customerId: customer.id, erasureId, reason: request.reason };
    await record(
      tx,
      { actor: by.viewer, requestId: by.requestId, ...entry, details: { state: 'SCHEDULED' } },
      at,
    );
    await engine.enqueue(tx, ERASURE_JOB, erasureId);
    return erasureId;
  });
}
