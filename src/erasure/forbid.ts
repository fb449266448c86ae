import { sql } from 'kysely';
import { anyRevoked } from '../revocation/any-revoked.ts';
import type { Tx } from '../store/store.ts';
import type { Erasure } from './erasure.ts';

/** Until the transaction ends, no attempt begins that changes something; whatever began before is written down. */
export async function forbid(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('erasure attempts'))`.execute(tx);
}

/** Whether neither the stop switch nor a hold, a cancellation or a revocation has come before an attempt that begins in `tx`. */
export async function isAllowed(tx: Tx, { id, customerId, requester, approver }: Erasure): Promise<boolean> {
  await sql`select pg_advisory_xact_lock_shared(hashtext('erasure attempts'))`.execute(tx);
  const pause = await tx.selectFrom('pause').select('reason').executeTakeFirst();
  const hold = await tx
    .selectFrom('hold')
    .select('id')
    .where('customer_id', '=', customerId)
    .where('released_at', 'is', null)
    .executeTakeFirst();
  const { cancel_requested_at } = await tx
    .selectFrom('erasure')
    .select('cancel_requested_at')
    .where('id', '=', id)
    .forShare()
    .executeTakeFirstOrThrow();
  const revoked = await anyRevoked(tx, [requester, approver]);
  return !pause && !hold && !cancel_requested_at && !revoked;
}
