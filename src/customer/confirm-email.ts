import { record } from '../audit/log.ts';
import { reachOf } from '../access/viewer.ts';
import type { Caller, CustomerContext } from './context.ts';
import { CustomerNotFoundError } from './customer.ts';
import { InvalidInputError } from './errors.ts';

/**
 * Vouches for the e-mail address that a reseller registered a customer with: from then on accounts are found by it.
 *
 * @throws {CustomerNotFoundError | InvalidInputError}
 */
export async function confirmEmail(
  { store, directory, clock }: CustomerContext,
  { viewer, requestId }: Caller,
  customerId: string,
): Promise<void> {
  if (!(await directory.byId(viewer, customerId))) throw new CustomerNotFoundError();
  if (!reachOf(viewer).everyone) {
    const message = 'Only who reaches all customers may confirm an address.';
    throw new InvalidInputError([{ path: 'customerId', message }]);
  }
  await store.transaction(async (tx) => {
    await tx.updateTable('customer').set({ email_confirmed: true }).where('id', '=', customerId).execute();
    await record(
      tx,
      { actor: viewer, requestId, action: 'customer.email_confirmed', customerId },
      clock.now(),
    );
  });
}
