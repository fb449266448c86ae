import { record } from '../audit/log.ts';
import { CustomerNotFoundError } from '../customer/customer.ts';
import { InvalidInputError } from '../customer/errors.ts';
import type { Engine } from '../engine/engine.ts';
import { isUniqueViolation } from '../store/unique-violation.ts';
import type { ErasureContext } from './context.ts';
import { erasureOf, type Erasure } from './erasure.ts';
import { IdempotencyConflictError } from './errors.ts';
import { issuesOf, MAX_REASON } from './issues.ts';
import { hashOf, openErasure, refuseIfOpen, type ErasureRequest, type Requester } from './open.ts';

function check(request: ErasureRequest, context: ErasureContext, { viewer }: Requester): void {
  const { overrideReason } = request;
  const issues = issuesOf(request, context.integrations);
  if (overrideReason !== null && !viewer.scopes.has('guards:override'))
    issues.push({ path: 'overrideReason', message: 'Only with the scope guards:override.' });
  if (overrideReason !== null && (overrideReason.trim() === '' || overrideReason.length > MAX_REASON))
    issues.push({ path: 'overrideReason', message: `1 to ${MAX_REASON} characters.` });
  if (issues.length > 0) throw new InvalidInputError(issues);
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
