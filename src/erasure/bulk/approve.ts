import type { Updateable } from 'kysely';
import type { Principal } from '../../access/viewer.ts';
import { GATEWAY, record } from '../../audit/log.ts';
import type { Engine } from '../../engine/engine.ts';
import type { BulkTable } from '../../store/bulk-tables.ts';
import type { Tx } from '../../store/store.ts';
import { approverColumns } from '../backing.ts';
import type { ErasureContext } from '../context.ts';
import type { Bulk } from './bulk.ts';
import { changeBulk, lockBulk } from './change.ts';
import { BulkNotFoundError, BulkStateError } from './errors.ts';
import { refuseRest } from './items.ts';
import { makePreview, refuseUnconfirmed, type Preview } from './preview.ts';
import { bulkById, pendingOf } from './read.ts';
import { checkReason } from '../reason.ts';
import { steer, type Steerer } from './steer.ts';

const awaits = ({ state, cancelRequest }: Bulk): boolean => state === 'AWAITING_APPROVAL' && !cancelRequest;

/** @throws {BulkStateError} unless the bulk waits for somebody else than its requester to decide. */
function refuseUnlessAwaiting(bulk: Bulk, { subject }: Principal): void {
  if (!awaits(bulk)) throw new BulkStateError(bulk.id, 'It does not wait for an approval.');
  if (bulk.requester.subject === subject)
    throw new BulkStateError(bulk.id, 'Whoever asked for it may not decide about it.');
}

/**
 * A fresh look at those customers of a bulk whose turn has not come: with the requester's reach, for the viewer to
 * confirm.
 *
 * @throws {BulkNotFoundError}
 */
export async function previewBulk(
  context: ErasureContext,
  viewer: Principal,
  bulkId: string,
): Promise<Preview> {
  const bulk = await bulkById(context.store, viewer, bulkId);
  if (!bulk) throw new BulkNotFoundError();
  const customerIds = await pendingOf(context.store, bulkId);
  const { filter, integrationIds, requester } = bulk;
  const of = { subject: viewer.subject, selection: { customerIds, filter, integrationIds }, bulkId };
  return makePreview(context, requester, of, customerIds.length);
}

/**
 * Lets a bulk begin, with exactly those customers whom the approver's own preview has shown.
 *
 * @throws {BulkNotFoundError | BulkStateError | PreviewChangedError | PreviewExpiredError}
 */
export async function approveBulk(
  context: ErasureContext,
  engine: Engine,
  by: Steerer,
  { bulkId, previewHash }: { bulkId: string; previewHash: string },
): Promise<void> {
  const preview = await previewBulk(context, by.viewer, bulkId);
  await expireApproval(context, bulkId);
  await steer(context, engine, by, {
    bulkId,
    action: 'bulk.approved',
    async change(bulk, tx) {
      refuseUnlessAwaiting(bulk, by.viewer);
      refuseUnconfirmed(previewHash, preview);
      const approved = preview.customers.map(({ id }) => id);
      await refuseRest(tx, bulkId, 'CHANGED', 'The customer was not selected any more.', approved);
      return { state: 'RUNNING', decided_by: by.viewer.subject, ...approverColumns(by.viewer) };
    },
  });
}

async function denial(tx: Tx, id: string, subject: string, reason: string, at: Date) {
  await refuseRest(tx, id, 'DENIED', 'The bulk was not approved.');
  const values = { state: 'DENIED', decided_by: subject, decision_reason: reason, finished_at: at };
  return values satisfies Updateable<BulkTable>;
}

/**
 * Ends a bulk that waits for an approval, before anything was deleted.
 *
 * @throws {InvalidInputError | BulkNotFoundError | BulkStateError}
 */
export async function denyBulk(
  context: ErasureContext,
  engine: Engine,
  by: Steerer,
  { bulkId, reason }: { bulkId: string; reason: string },
): Promise<void> {
  checkReason(reason);
  await steer(context, engine, by, {
    bulkId,
    action: 'bulk.denied',
    reason,
    change(bulk, tx, at) {
      refuseUnlessAwaiting(bulk, by.viewer);
      return denial(tx, bulkId, by.viewer.subject, reason, at);
    },
  });
}

/** Denies a bulk that nobody has approved in time. */
export async function expireApproval({ store, clock }: ErasureContext, bulkId: string): Promise<void> {
  const at = clock.now();
  await store.transaction(async (tx) => {
    const bulk = await lockBulk(tx, bulkId);
    if (!awaits(bulk) || bulk.approvalExpiresAt! > at) return;
    const reason = 'Nobody has approved it in time.';
    await changeBulk(tx, bulkId, await denial(tx, bulkId, GATEWAY.subject, reason, at));
    await record(tx, { actor: GATEWAY, action: 'bulk.denied', reason, details: { bulkId } }, at);
  });
}
