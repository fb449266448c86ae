import { record } from '../audit/log.ts';
import { CustomerNotFoundError } from '../customer/customer.ts';
import { InvalidInputError } from '../customer/errors.ts';
import type { Engine } from '../engine/engine.ts';
import { isUniqueViolation } from '../store/unique-violation.ts';
import { raiseCapAlarm } from './cap-alarm.ts';
import { ErasureCapError } from './cap.ts';
import type { ErasureContext } from './context.ts';
import { erasureOf, type Erasure } from './erasure.ts';
import { IdempotencyConflictError } from './errors.ts';
import { identityOf } from './identity.ts';
import { issuesOf, MAX_REASON } from './issues.ts';
import { hashOf, hashOfKey, openErasure, refuseIfOpen, type ErasureRequest, type Requester } from './open.ts';
import { refusePersonalText } from './personal-text.ts';

const LATEST_DAYS = 90;
const DAY_MS = 24 * 3_600_000;

function check(request: ErasureRequest, context: ErasureContext, { viewer }: Requester): void {
  const { reason, overrideReason, scheduledFor, suspends } = request;
  const issues = issuesOf(request, context.integrations);
  if (overrideReason !== null && !viewer.scopes.has('guards:override'))
    issues.push({ path: 'overrideReason', message: 'Only with the scope guards:override.' });
  if (overrideReason !== null && (overrideReason.trim() === '' || overrideReason.length > MAX_REASON))
    issues.push({ path: 'overrideReason', message: `1 to ${MAX_REASON} characters.` });
  const wait = scheduledFor === null ? null : scheduledFor.getTime() - context.clock.now().getTime();
  if (wait !== null && (wait <= 0 || wait > LATEST_DAYS * DAY_MS))
    issues.push({ path: 'scheduledFor', message: `In the next ${LATEST_DAYS} days.` });
  if (suspends && scheduledFor === null && context.policy.coolOffMs === 0)
    issues.push({ path: 'suspendMeanwhile', message: 'Only with scheduledFor.' });
  if (issues.length > 0) throw new InvalidInputError(issues);
  refusePersonalText({ reason, overrideReason });
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
    .where('idempotency_key', '=', hashOfKey(request.idempotencyKey))
    .executeTakeFirst();
  if (!row) return null;
  if (row.input_hash !== hashOf(request)) throw new IdempotencyConflictError();
  return erasureOf(row);
}

async function refused(
  context: ErasureContext,
  by: Requester,
  request: ErasureRequest,
  error: unknown,
): Promise<never> {
  if (error instanceof InvalidInputError) throw error; // its reason is not to be kept
  const { customerId, reason } = request;
  const details = { refusal: error instanceof Error ? error.name : 'unknown' };
  const entry = { action: 'erasure.refused', customerId, reason, requestId: by.requestId, details };
  const at = context.clock.now();
  const alarmed = await context.store.transaction(async (tx) => {
    await record(tx, { actor: by.viewer, ...entry }, at);
    return error instanceof ErasureCapError && (await raiseCapAlarm(tx, error, by, at));
  });
  if (alarmed) context.log.error({ err: error, role: by.viewer.role }, 'a cap on erasures was reached');
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
  const { reason, overrideReason } = request;
  refusePersonalText({ reason, overrideReason }, await identityOf(context.store.db, customer.id));
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
