import { forgetInLog } from '../audit/forget.ts';
import type { Tx } from '../store/store.ts';

/** The gateway keeps nothing personal of somebody who was erased everywhere. */
export async function forget(tx: Tx, customerId: string, at: Date): Promise<void> {
  const customer = tx.selectFrom('customer').where('id', '=', customerId);
  await tx.deleteFrom('import_row').where('email_key', 'in', customer.select('email_key')).execute();
  const accounts = tx.selectFrom('link').select('external_id').where('customer_id', '=', customerId);
  await tx.deleteFrom('import_row').where('external_id', 'in', accounts).execute();
  await tx.deleteFrom('link').where('customer_id', '=', customerId).execute();
  await tx
    .updateTable('customer')
    .set({ email: null, email_key: null, name: null, erased_at: at })
    .where('id', '=', customerId)
    .execute();
  await forgetInLog(tx, customerId, at);
}
