import { anyRevoked } from '../revocation/any-revoked.ts';
import type { Tx } from '../store/store.ts';
import type { Erasure } from './erasure.ts';
import { awaitForbidding } from './forbid.ts';
import { standingHolds } from './hold.ts';
import { pauseOf } from './pause.ts';

/** Whether neither the stop switch nor a hold, a cancellation or a revocation has come before an attempt that begins in `tx`. */
export async function isAllowed(tx: Tx, { id, customerId, requester, approver }: Erasure): Promise<boolean> {
  await awaitForbidding(tx);
  const pause = await pauseOf(tx);
  const [holds] = await standingHolds(tx, [customerId]);
  const { cancel_requested_at } = await tx
    .selectFrom('erasure')
    .select('cancel_requested_at')
    .where('id', '=', id)
    .forShare()
    .executeTakeFirstOrThrow();
  const revoked = await anyRevoked(tx, [requester, approver]);
  return !pause && holds!.length === 0 && !cancel_requested_at && !revoked;
}
