import type { ErasureContext } from './context.ts';
import type { Erasure } from './erasure.ts';
import { ErasureNotFoundError, NotAwaitingApprovalError, OwnRequestError } from './errors.ts';
import type { Requester } from './open.ts';
import { erasureById } from './read.ts';

/**
 * An erasure that waits for the viewer's word.
 *
 * @throws {ErasureNotFoundError | NotAwaitingApprovalError | OwnRequestError}
 */
export async function awaited(
  { store, clock }: ErasureContext,
  { viewer }: Pick<Requester, 'viewer'>,
  id: string,
) {
  const erasure = await erasureById(store, viewer, id);
  if (!erasure) throw new ErasureNotFoundError();
  refuseUnlessAwaiting(erasure, clock.now());
  if (erasure.requestedBy === viewer.subject) throw new OwnRequestError();
  return erasure;
}

/** @throws {NotAwaitingApprovalError} */
export function refuseUnlessAwaiting(erasure: Erasure, now: Date): void {
  const { id, state, deniedAt, cancelRequestedAt, approvalExpiresAt } = erasure;
  const awaits = state === 'AWAITING_APPROVAL' && !deniedAt && !cancelRequestedAt && approvalExpiresAt! > now;
  if (!awaits) throw new NotAwaitingApprovalError(id);
}
