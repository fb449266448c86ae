import { reachOf } from '../access/viewer.ts';
import { record } from '../audit/log.ts';
import type { Caller, CustomerContext } from './context.ts';
import { CustomerNotFoundError } from './customer.ts';
import { InvalidInputError } from './errors.ts';
import { managersByIds } from './managers.ts';
import { withinReach } from './reach.ts';

/**
 * Puts a customer under another manager, or under none; both have to be within the viewer's reach.
 *
 * @throws {CustomerNotFoundError | InvalidInputError}
 */
export async function assignManager(
  { store, directory, clock }: CustomerContext,
  { viewer, requestId }: Caller,
  { customerId, managerId }: { customerId: string; managerId: string | null },
): Promise<void> {
  if (!(await directory.byId(viewer, customerId))) throw new CustomerNotFoundError();
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
    await record(tx, { actor: viewer, action: 'customer.assigned', ...entry }, clock.now());
  });
}
