import { GATEWAY, record } from '../audit/log.ts';
import { AccountReader } from '../customer/accounts.ts';
import type { Tx } from '../store/store.ts';
import { approverColumns } from './backing.ts';
import { blockersOf } from './blockers.ts';
import type { ErasureContext } from './context.ts';
import type { Erasure, Task } from './erasure.ts';
import { changeErasureState, type ErasureWithTasks } from './journal.ts';
import { sideEffectsChanged, planHash } from './plan-hash.ts';
import { makePlan, type Plan, type PlanItem } from './plan.ts';
import { taskRows } from './task-rows.ts';

const DEADLINE_MS = 30_000;

/** A plan for what an erasure was asked for, taken now. */
export async function lookNow(
  { directory, clock }: ErasureContext,
  reader: AccountReader,
  erasure: Erasure,
): Promise<Plan> {
  const customer = await directory.byId({ role: 'ADMIN', manager: null }, erasure.customerId);
  const only = erasure.integrationIds ? new Set(erasure.integrationIds) : undefined;
  return makePlan(reader, customer!, only, clock.now());
}

/** Accounts that no task is about. What could not be asked at first is looked at by its own task. */
const appeared = ({ items }: Plan, tasks: readonly Task[]): PlanItem[] =>
  items.filter(({ account, integration }) => {
    const here = tasks.filter(({ integrationId }) => integrationId === integration.id);
    const known = here.some(
      (task) => task.presence === 'UNREACHABLE' || task.account?.externalId === account?.externalId,
    );
    return account !== null && !known;
  });

/** Adds a task for every account that the first plan did not see. */
export async function addAppeared(
  tx: Tx,
  erasure: Erasure,
  tasks: readonly Task[],
  plan: Plan,
  beginning: Parameters<typeof taskRows>[3],
): Promise<void> {
  const rows = taskRows(erasure.id, appeared(plan, tasks), plan.createdAt, beginning, tasks.length);
  if (rows.length > 0) await tx.insertInto('task').values(rows).execute();
  await tx
    .updateTable('erasure')
    .set({ plan_hash: planHash(plan) })
    .where('id', '=', erasure.id)
    .execute();
}

/** Lets somebody look at what has changed. Whatever waited for its time now waits for them. */
async function askAgain(
  tx: Tx,
  { policy }: ErasureContext,
  { erasure, tasks }: ErasureWithTasks,
  plan: Plan,
  at: Date,
): Promise<void> {
  await addAppeared(tx, erasure, tasks, plan, 'AFTER_APPROVAL');
  const until = new Date(at.getTime() + policy.approvalMs);
  await tx
    .updateTable('erasure')
    .set({ approval_expires_at: until, approved_by: null, approved_at: null, ...approverColumns(null) })
    .where('id', '=', erasure.id)
    .execute();
  await tx
    .updateTable('task')
    .set({ waiting_reason: 'APPROVAL', not_before: null })
    .where('erasure_id', '=', erasure.id)
    .where('state', '=', 'PENDING')
    .execute();
  const { id: erasureId, customerId } = erasure;
  await record(tx, { actor: GATEWAY, action: 'erasure.plan_changed', customerId, erasureId }, at);
  await changeErasureState(tx, erasure, 'AWAITING_APPROVAL', at);
}

/**
 * Takes the plan anew for an erasure that has waited, and lets it begin; or, where what is there now is not what was
 * agreed to, has it approved (again).
 */
export async function lookAgain(context: ErasureContext, journal: ErasureWithTasks): Promise<void> {
  const { store, integrations, clock } = context;
  const { erasure, tasks } = journal;
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const reader = new AccountReader(store, [...integrations.values()], signal, 'FRESH');
  const plan = await lookNow(context, reader, erasure);
  const differs =
    appeared(plan, tasks).length > 0 ||
    blockersOf(plan).length > 0 ||
    sideEffectsChanged(erasure.planHash!, plan);
  const at = clock.now();
  await store.transaction((tx) =>
    differs ? askAgain(tx, context, journal, plan, at) : changeErasureState(tx, erasure, 'RUNNING', at),
  );
}
