import { record } from '../audit/log.ts';
import type { Engine } from '../engine/engine.ts';
import type { Tx } from '../store/store.ts';
import { awaited, refuseUnlessAwaiting } from './approval.ts';
import { approverColumns } from './backing.ts';
import { blockersOf } from './blockers.ts';
import type { ErasureContext } from './context.ts';
import type { Erasure, Task } from './erasure.ts';
import { ErasureBlockedError } from './errors.ts';
import { changeErasureState } from './journal.ts';
import { addAppeared, lookNow } from './look-again.ts';
import type { Requester } from './open.ts';
import { refuseDrift } from './plan-drift.ts';
import type { Plan } from './plan.ts';
import { lockErasure } from './reopen.ts';
import { wakeErasure } from './run.ts';
import { firstStep } from './task-rows.ts';

/** The task is about the account as the approver has seen it, which may have been created again since the request. */
async function scheduleTask(
  { integrations }: ErasureContext,
  tx: Tx,
  erasure: Erasure,
  task: Task,
  { items }: Plan,
): Promise<void> {
  const { integrationId, account } = task;
  const seen = items.find(
    (item) => item.integration.id === integrationId && item.account?.externalId === account?.externalId,
  );
  const step = firstStep(task, integrations.get(integrationId), erasure);
  const values = { ...step, account: JSON.stringify(seen?.account ?? account) };
  await tx.updateTable('task').set(values).where('id', '=', task.id).execute();
}

async function schedule(
  context: ErasureContext,
  engine: Engine,
  { viewer, requestId }: Requester,
  plan: Plan,
  erasureId: string,
): Promise<void> {
  const at = context.clock.now();
  await context.store.transaction(async (tx) => {
    const { erasure, tasks } = await lockErasure(tx, erasureId);
    refuseUnlessAwaiting(erasure, at);
    await addAppeared(tx, erasure, tasks, plan, erasure);
    for (const task of tasks)
      if (task.state === 'PENDING') await scheduleTask(context, tx, erasure, task, plan);
    const approval = { approved_by: viewer.subject, approved_at: at, ...approverColumns(viewer) };
    await tx.updateTable('erasure').set(approval).where('id', '=', erasureId).execute();
    const { customerId } = erasure;
    await record(tx, { actor: viewer, requestId, action: 'erasure.approved', customerId, erasureId }, at);
    await changeErasureState(tx, erasure, 'SCHEDULED', at);
    await wakeErasure(engine, tx, erasure);
  });
}

/**
 * Lets an erasure go on that somebody else has asked for. `planHash` is of a plan that the approver has looked at; what
 * it does not tell of is not approved.
 *
 * @throws {ErasureNotFoundError | NotAwaitingApprovalError | OwnRequestError | ErasureBlockedError | PlanChangedError | PlanExpiredError}
 */
export async function approveErasure(
  context: ErasureContext,
  engine: Engine,
  by: Requester,
  { erasureId, planHash }: { erasureId: string; planHash: string },
): Promise<void> {
  const erasure = await awaited(context, by, erasureId);
  const plan = await lookNow(context, by.reader, erasure);
  const blockers = blockersOf(plan);
  if (blockers.length > 0) throw new ErasureBlockedError(blockers);
  refuseDrift(planHash, plan, context.clock.now());
  await schedule(context, engine, by, plan, erasureId);
}
