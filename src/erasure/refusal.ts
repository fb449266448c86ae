import { isOfOthers, ownersOf } from '../customer/owners.ts';
import type { Integration } from '../providers/provider.ts';
import type { ErasureContext } from './context.ts';
import type { Erasure, Task } from './erasure.ts';
import { giveUp, type TaskChange } from './task-change.ts';
import { isProtected } from './protected.ts';

/**
 * Why nothing may be done to a task's account, whatever the plan said; null when it may. Links and the configuration
 * change while an erasure waits, and the account itself may have been found only after the plan.
 */
export async function refusalOf(
  { store }: ErasureContext,
  { customerId }: Erasure,
  { account }: Task,
  integration: Integration,
): Promise<TaskChange | null> {
  if (!account) return null;
  if (isProtected(integration, account.externalId))
    return { ...giveUp('BLOCKED', 'PROTECTED'), outcome: 'RETAINED' };
  const [owners] = await ownersOf(store.db, [{ integration, account }]);
  return isOfOthers(owners!, customerId) ? giveUp('BLOCKED', 'LINKED_TO_ANOTHER_CUSTOMER') : null;
}
