import { createHash, randomUUID } from 'node:crypto';
import type { Viewer } from '../access/viewer.ts';
import { record } from '../audit/log.ts';
import type { AccountReader } from '../customer/accounts.ts';
import { CustomerNotFoundError, type Customer } from '../customer/customer.ts';
import type { Tx } from '../store/store.ts';
import { isUniqueViolation } from '../store/unique-violation.ts';
import { refuseAboveCap } from './cap.ts';
import { ERASURE_JOB, type ErasureContext } from './context.ts';
import { InvalidInputError } from '../customer/errors.ts';
import type { Engine } from '../engine/engine.ts';
import { erasureOf, type Erasure } from './erasure.ts';
import {
  ErasureAlreadyOpenError,
  ErasureBlockedError,
  IdempotencyConflictError,
  PlanChangedError,
  PlanExpiredError,
  type Blocker,
} from './errors.ts';
import { driftFrom } from './plan-hash.ts';
import { makePlan, rankOf, type Plan, type PlanItem } from './plan.ts';
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

const MAX_REASON = 500;
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

function check(request: ErasureRequest, context: ErasureContext, { viewer }: Requester): void {
  const { reason, idempotencyKey, integrationIds, overrideReason } = request;
  const issues = [];
  if (reason.trim() === '') issues.push({ path: 'reason', message: 'A reason is required.' });
  if (reason.length > MAX_REASON)
    issues.push({ path: 'reason', message: `At most ${MAX_REASON} characters.` });
  if (overrideReason !== null && !viewer.scopes.has('guards:override'))
    issues.push({ path: 'overrideReason', message: 'Only with the scope guards:override.' });
  if (overrideReason !== null && (overrideReason.trim() === '' || overrideReason.length > MAX_REASON))
    issues.push({ path: 'overrideReason', message: `1 to ${MAX_REASON} characters.` });
  if (idempotencyKey !== null && !IDEMPOTENCY_KEY.test(idempotencyKey)) {
    issues.push({ path: 'idempotencyKey', message: '1 to 255 printable ASCII characters without spaces.' });
  }
  const unknown = integrationIds?.filter((id) => !context.integrations.has(id)) ?? [];
  if (unknown.length > 0) issues.push({ path: 'integrationIds', message: 'There is no such integration.' });
  if (integrationIds?.length === 0)
    issues.push({ path: 'integrationIds', message: 'Name at least one, or leave it out.' });
  if (issues.length > 0) throw new InvalidInputError(issues);
}

function hashOf({ customerId, reason, integrationIds, planHash }: ErasureRequest): string {
  const where = integrationIds && [...integrationIds].sort();
  return createHash('sha256')
    .update(JSON.stringify([customerId, reason, where, planHash]))
    .digest('hex');
}

/** The erasure that the same caller asked for under the same key. */
async function repeated(
  context: ErasureContext,
  { viewer }: Requester,
  request: ErasureRequest,
): Promise<Erasure | null> {
  if (request.idempotencyKey === null) return null;
  const row = await context.store.db
    .selectFrom('erasure')
    .selectAll()
    .where('requested_by', '=', viewer.subject)
    .where('idempotency_key', '=', request.idempotencyKey)
    .executeTakeFirst();
  if (!row) return null;
  if (row.input_hash !== hashOf(request)) throw new IdempotencyConflictError();
  return erasureOf(row);
}

async function refuseIfOpen({ store }: ErasureContext, customerId: string): Promise<void> {
  const open = await store.db
    .selectFrom('erasure')
    .select('id')
    .where('customer_id', '=', customerId)
    .where('finished_at', 'is', null)
    .executeTakeFirst();
  if (open) throw new ErasureAlreadyOpenError(open.id);
}

const HOLD: Blocker = {
  code: 'HOLD',
  message: 'A hold forbids to delete the customer.',
  integrationId: null,
};

export function blockersOf({ customer, items, held }: Plan): Blocker[] {
  const erased = { code: 'ALREADY_ERASED', message: 'The customer was already erased.', integrationId: null };
  return [
    ...(customer.erasedAt ? [erased] : []),
    ...(held ? [HOLD] : []),
    ...items.flatMap(({ blockers, integration }) =>
      blockers.map((one) => ({ ...one, integrationId: integration.id })),
    ),
  ];
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
  const meant = items.filter(({ key, presence }) => key !== null && presence !== 'ABSENT');
  if (caps)
    await refuseAboveCap(
      tx,
      caps,
      viewer.role,
      meant.map(({ integration }) => integration.id),
      at,
    );
}

async function openErasure(
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

async function refused(
  context: ErasureContext,
  by: Requester,
  request: ErasureRequest,
  error: unknown,
): Promise<never> {
  const { customerId, reason } = request;
  const details = { refusal: error instanceof Error ? error.name : 'unknown' };
  const entry = { action: 'erasure.refused', customerId, reason, requestId: by.requestId, details };
  await context.store.transaction((tx) => record(tx, { actor: by.viewer, ...entry }, context.clock.now()));
  throw error;
}

/**
 * Asks for an erasure. It begins when this returns, and goes on whatever happens to the process.
 *
 * @throws {InvalidInputError | CustomerNotFoundError | ErasureBlockedError | PlanChangedError | PlanExpiredError | ErasureCapError | ErasureAlreadyOpenError | IdempotencyConflictError}
 */
export async function requestErasure(
  context: ErasureContext,
  engine: Engine,
  by: Requester,
  request: ErasureRequest,
): Promise<string> {
  check(request, context, by);
  const customer = await context.directory.byId(by.viewer, request.customerId);
  if (!customer) return refused(context, by, request, new CustomerNotFoundError());
  try {
    const earlier = await repeated(context, by, request);
    if (earlier) return earlier.id;
    const id = await openErasure(context, engine, by, request, customer).catch(async (error: unknown) => {
      if (!isUniqueViolation(error)) throw error; // else a twin of this request was faster
      const twin = await repeated(context, by, request);
      if (!twin) await refuseIfOpen(context, customer.id);
      if (!twin) throw error;
      return twin.id;
    });
    context.checkpoint('erasure.enqueued');
    return id;
  } catch (error) {
    return refused(context, by, request, error);
  }
}
