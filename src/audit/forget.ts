import type { Tx } from '../store/store.ts';
import { GATEWAY, record } from './log.ts';

/**
 * Takes the customer and the reasons out of the customer's entries, and their salt, so that nobody can tell any more
 * what their leaves commit to. How many entries that were is written down, so that no other one can lose them unseen.
 */
export async function forgetInLog(tx: Tx, customerId: string, at: Date): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('audit_entry')
    .set({ salt: null, customer_id: null, reason: null })
    .where('customer_id', '=', customerId)
    .executeTakeFirst();
  const details = { entries: Number(numUpdatedRows) };
  await record(tx, { actor: GATEWAY, action: 'customer.forgotten', details }, at);
}
