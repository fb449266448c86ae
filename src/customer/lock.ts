import type { Tx } from '../store/store.ts';
import { InvalidInputError } from './errors.ts';

/**
 * Holds a customer as it is until the transaction ends: nobody erases, moves or links it meanwhile.
 *
 * @throws {InvalidInputError} when it was erased, or is being erased: what is linked then would never be deleted.
 */
export async function lockCustomer(tx: Tx, customerId: string): Promise<void> {
  const { erased_at } = await tx
    .selectFrom('customer')
    .select('erased_at')
    .where('id', '=', customerId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  const path = 'customerId';
  if (erased_at) throw new InvalidInputError([{ path, message: 'The customer was erased.' }]);
  const open = await tx
    .selectFrom('erasure')
    .select('id')
    .where('customer_id', '=', customerId)
    .where('finished_at', 'is', null)
    .executeTakeFirst();
  if (open) throw new InvalidInputError([{ path, message: 'The customer is being erased.' }]);
}
