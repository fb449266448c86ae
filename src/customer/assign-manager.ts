import { reachOf } from '../access/viewer.ts';
import { record } from '../audit/log.ts';
import { announce } from '../store/changes.ts';
import type { Tx } from '../store/store.ts';
import type { Caller, CustomerContext } from './context.ts';
import { CustomerNotFoundError } from './customer.ts';
import { InvalidInputError } from './errors.ts';
import { managersByIds } from './managers.ts';
import { withinReach } from './reach.ts';

/** Lets those look at once who watch an erasure of the customer, and may reach the customer no more. */
async function endStreams(tx: Tx, customerId: string): Promise<void> {
  const open = tx.selectFrom('erasure').select('id').where('customer_id', '=', customerId);
  for (const { id } of await open.where('finished_at', 'is', null).execute()) await announce(tx, id);
}

/**
 * Puts a customer under another manager, or under none; both have to be within the viewer's reach.
 *
 * @throws {CustomerNotFoundError | InvalidInputError}
 */
export async function assignManager(
  { store, clock }: CustomerContext,
  { viewer, requestId }: Caller,
  { customerId, managerId }: { customerId: string; managerId: string | null },
): Promise<void> {
  const known = managerId !== null && (await managersByIds(store, viewer, [managerId]))[0];
  if (!known && (managerId !== null || viewer.role === 'RESALE'))
    throw new InvalidInputError([{ path: 'managerId', message: 'There is no such manager.' }]);
  await store.transaction(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('customer')
      .set({ manager_id: managerId })
      .where('id', '=', customerId)
      .where(withinReach(reachOf(viewer)))
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw new CustomerNotFoundError();
    const entry = { customerId, requestId, details: { managerId } };
    await endStreams(tx, customerId);
    await record(tx, { actor: viewer, action: 'customer.assigned', ...entry }, clock.now());
  });
}
