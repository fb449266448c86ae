import { record, type AuditEntry } from '../audit/log.ts';
import type { Tx } from '../store/store.ts';

/** Takes back a customer who was made known for something that then did not happen. */
export async function withdrawCustomer(
  tx: Tx,
  customerId: string,
  entry: Omit<AuditEntry, 'action'>,
  at: Date,
): Promise<void> {
  await tx.deleteFrom('link').where('customer_id', '=', customerId).execute();
  await tx.deleteFrom('customer').where('id', '=', customerId).execute();
  await record(tx, { ...entry, action: 'customer.withdrawn', customerId }, at);
}
