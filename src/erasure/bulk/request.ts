import { createHash, randomUUID } from 'node:crypto';
import type { Principal } from '../../access/viewer.ts';
import { record } from '../../audit/log.ts';
import { InvalidInputError } from '../../customer/errors.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Tx } from '../../store/store.ts';
import { isUniqueViolation } from '../../store/unique-violation.ts';
import { requesterColumns } from '../backing.ts';
import type { ErasureContext } from '../context.ts';
import { IdempotencyConflictError } from '../errors.ts';
import { issuesOf } from '../issues.ts';
import { hashOfKey } from '../open.ts';
import { refusePersonalText } from '../personal-text.ts';
import { makePreview, refuseUnconfirmed, type Preview } from './preview.ts';
import { checkSelection, type Selection } from './selection.ts';
import { BULK_JOB } from './words.ts';

/** What is asked for: to delete whom a confirmed preview has shown. */
export interface BulkRequest {
  selection: Selection;
  previewHash: string;
  reason: string;
  /** Of the requester's choice: a repeated request with the same key is the same bulk. */
  idempotencyKey: string | null;
}

/** Who asks, in which request. */
interface By {
  viewer: Principal;
  requestId: string;
}

const HOUR_MS = 3_600_000;

/** Of what was asked for, so that an idempotency key is not used for something else. */
function hashOf({ selection, previewHash, reason }: BulkRequest): string {
  const { customerIds, filter, integrationIds } = selection;
  const sets = [customerIds, integrationIds].map((ids) => ids && [...new Set(ids)].sort());
  const content = [sets, filter?.testCustomer, filter?.managerId, previewHash, reason];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

/** The bulk that the same caller asked for under the same key. */
async function repeated(
  { store }: ErasureContext,
  { viewer }: By,
  request: BulkRequest,
): Promise<string | null> {
  if (request.idempotencyKey === null) return null;
  const row = await store.db
    .selectFrom('bulk_erasure')
    .select(['id', 'input_hash'])
    .where('requested_by', '=', viewer.subject)
    .where('idempotency_key', '=', hashOfKey(request.idempotencyKey))
    .executeTakeFirst();
  if (row && row.input_hash !== hashOf(request)) throw new IdempotencyConflictError();
  return row?.id ?? null;
}

async function insert(
  tx: Tx,
  { bulk }: ErasureContext,
  { viewer, requestId }: By,
  request: BulkRequest,
  { customers, needsApproval }: Preview,
  at: Date,
): Promise<string> {
  const { reason, idempotencyKey } = request;
  const { filter, integrationIds } = request.selection;
  const id = randomUUID();
  await tx
    .insertInto('bulk_erasure')
    .values({
      id,
      state: needsApproval ? 'AWAITING_APPROVAL' : 'RUNNING',
      reason,
      filter: filter && JSON.stringify(filter),
      integration_ids: integrationIds && JSON.stringify(integrationIds),
      requested_by: viewer.subject,
      requester_role: viewer.role,
      requester_manager: viewer.manager,
      requester_scopes: JSON.stringify([...viewer.scopes]),
      ...requesterColumns(viewer),
      request_id: requestId,
      requested_at: at,
      idempotency_key: idempotencyKey && hashOfKey(idempotencyKey),
      input_hash: hashOf(request),
      approval_expires_at: needsApproval ? new Date(at.getTime() + bulk.approvalHours * HOUR_MS) : null,
    })
    .execute();
  const items = customers.map((customer) => ({ bulk_id: id, customer_id: customer.id }));
  await tx.insertInto('bulk_item').values(items).execute();
  const details = { bulkId: id, customers: items.length, filter, integrationIds, needsApproval };
  await record(tx, { actor: viewer, requestId, action: 'bulk.requested', reason, details }, at);
  return id;
}

/** @throws {BulkTooLargeError | PreviewChangedError | PreviewExpiredError | InvalidInputError} */
async function confirmed(context: ErasureContext, { viewer }: By, request: BulkRequest): Promise<Preview> {
  const { selection, previewHash } = request;
  const of = { subject: viewer.subject, selection, bulkId: null };
  const preview = await makePreview(context, viewer, of);
  refuseUnconfirmed(previewHash, preview);
  const issue = { path: 'customerIds', message: 'None of these customers is there.' };
  if (preview.customers.length === 0) throw new InvalidInputError([issue]);
  return preview;
}

/**
 * Asks to delete many customers: exactly those whom the preview counted. It begins when this returns, unless somebody
 * else has to approve, and goes on whatever happens to the process. Returns the id of the bulk.
 *
 * @throws {InvalidInputError | BulkTooLargeError | PreviewChangedError | PreviewExpiredError | IdempotencyConflictError}
 */
export async function requestBulk(
  context: ErasureContext,
  engine: Engine,
  by: By,
  request: BulkRequest,
): Promise<string> {
  const { reason, idempotencyKey, selection } = request;
  const { integrationIds } = selection;
  const issues = issuesOf({ reason, idempotencyKey, integrationIds }, context.integrations);
  if (issues.length > 0) throw new InvalidInputError(issues);
  refusePersonalText({ reason });
  const earlier = await repeated(context, by, request);
  if (earlier) return earlier;
  await checkSelection(context, by.viewer, selection);
  const preview = await confirmed(context, by, request);
  try {
    return await context.store.transaction(async (tx) => {
      const id = await insert(tx, context, by, request, preview, preview.createdAt);
      await engine.enqueue(tx, BULK_JOB, id);
      return id;
    });
  } catch (error) {
    const twin = isUniqueViolation(error) && (await repeated(context, by, request));
    if (!twin) throw error;
    return twin;
  }
}
