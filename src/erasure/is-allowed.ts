import type { Tx } from '../store/store.ts';
import type { Erasure } from './erasure.ts';
import { awaitForbidding } from './forbid.ts';
import { standingOf } from './standing.ts';

/**
 * Whether neither the stop switch nor a hold, a cancellation or a revocation has come before an attempt that begins in
 * `tx`, and whoever asked still reaches the customer.
 */
export async function isAllowed(tx: Tx, erasure: Erasure): Promise<boolean> {
  await awaitForbidding(tx);
  const { cancel_requested_at } = await tx
    .selectFrom('erasure')
    .select('cancel_requested_at')
    .where('id', '=', erasure.id)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow();
  const { authorised, heldFor, paused } = await standingOf(tx, erasure);
  return !cancel_requested_at && authorised && heldFor === null && !paused;
}
