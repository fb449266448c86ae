import { GATEWAY, record } from '../audit/log.ts';
import type { Engine } from '../engine/engine.ts';
import type { Tx } from '../store/store.ts';
import { awaited } from './approval.ts';
import type { ErasureContext } from './context.ts';
import type { Erasure } from './erasure.ts';
import { NotAwaitingApprovalError } from './errors.ts';
import { identityOf } from './identity.ts';
import type { Requester } from './open.ts';
import { checkReason } from './reason.ts';
import { wakeErasure } from './run.ts';

async function deny(
  { store, clock }: ErasureContext,
  erasure: Erasure,
  entry: Omit<Parameters<typeof record>[1], 'customerId' | 'erasureId'>,
  then: (tx: Tx) => Promise<void>,
): Promise<boolean> {
  const at = clock.now();
  return store.transaction(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('erasure')
      .set({ denied_at: at })
      .where('id', '=', erasure.id)
      .where('state', '=', 'AWAITING_APPROVAL')
      .where('denied_at', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    await record(tx, { ...entry, customerId: erasure.customerId, erasureId: erasure.id }, at);
    await then(tx);
    return true;
  });
}

/**
 * Says no to an erasure that somebody else has asked for. Nothing is deleted.
 *
 * @throws {InvalidInputError | ErasureNotFoundError | NotAwaitingApprovalError | OwnRequestError}
 */
export async function denyErasure(
  context: ErasureContext,
  engine: Engine,
  by: Pick<Requester, 'viewer' | 'requestId'>,
  { erasureId, reason }: { erasureId: string; reason: string },
): Promise<void> {
  const erasure = await awaited(context, by, erasureId);
  checkReason(reason, await identityOf(context.store.db, erasure.customerId));
  const entry = { actor: by.viewer, requestId: by.requestId, action: 'erasure.refused_approval', reason };
  if (!(await deny(context, erasure, entry, (tx) => wakeErasure(engine, tx, erasure))))
    throw new NotAwaitingApprovalError(erasureId);
}

/** Ends the wait for an approval that did not come. */
export async function expireApproval(context: ErasureContext, erasure: Erasure): Promise<void> {
  const entry = { actor: GATEWAY, action: 'erasure.approval_expired' };
  await deny(context, erasure, entry, () => Promise.resolve());
}
