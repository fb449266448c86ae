import { GATEWAY, record } from '../audit/log.ts';
import type { Store, Tx } from '../store/store.ts';
import { stateWhileOpen } from './choose.ts';
import { attemptOf, erasureOf, taskOf, type Attempt, type Erasure, type Task } from './erasure.ts';
import type { TaskChange } from './task-change.ts';
import { isSettled, mayErasureBecome, mayTaskBecome, type AttemptKind, type ErasureState } from './words.ts';

/** An erasure and its tasks, in the order of the plan. */
export interface ErasureWithTasks {
  erasure: Erasure;
  tasks: Task[];
}

type Reader = Store['db'] | Tx;

export async function load(db: Reader, erasureId: string): Promise<ErasureWithTasks> {
  const erasure = await db
    .selectFrom('erasure')
    .selectAll()
    .where('id', '=', erasureId)
    .executeTakeFirstOrThrow();
  const tasks = db.selectFrom('task').selectAll().where('erasure_id', '=', erasureId).orderBy('position');
  return { erasure: erasureOf(erasure), tasks: (await tasks.execute()).map(taskOf) };
}

/** Attempts that began and have no result: the process that made them is gone. */
export async function unfinishedAttempts(db: Reader, erasureId: string): Promise<Attempt[]> {
  const rows = await db
    .selectFrom('attempt')
    .selectAll('attempt')
    .innerJoin('task', 'task.id', 'attempt.task_id')
    .where('task.erasure_id', '=', erasureId)
    .where('attempt.finished_at', 'is', null)
    .execute();
  return rows.map(attemptOf);
}

/** Writes down that an attempt begins, before anything is sent. Returns its number. */
export async function beginAttempt(tx: Tx, task: Task, kind: AttemptKind, at: Date): Promise<number> {
  const { last } = await tx
    .selectFrom('attempt')
    .select((eb) => eb.fn.coalesce(eb.fn.max('number'), eb.lit(0)).as('last'))
    .where('task_id', '=', task.id)
    .executeTakeFirstOrThrow();
  const number = last + 1;
  await tx.insertInto('attempt').values({ task_id: task.id, number, kind, started_at: at }).execute();
  return number;
}

/** Writes down what an attempt brought. False: somebody else has already written it off. */
export async function endAttempt(
  tx: Tx,
  taskId: string,
  number: number,
  result: NonNullable<Attempt['result']>,
  at: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('attempt')
    .set({ result, finished_at: at })
    .where('task_id', '=', taskId)
    .where('number', '=', number)
    .where('finished_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Changes a task and, where that follows, the erasure's state; with one audit entry in the same transaction. */
export async function changeTask(
  tx: Tx,
  task: Task,
  change: TaskChange,
  entry: { action: string; details?: Record<string, unknown> },
  at: Date,
): Promise<void> {
  const changed: Task = { ...task, ...change };
  if (!mayTaskBecome(task.state, changed.state))
    throw new Error(`a task may not go from ${task.state} to ${changed.state}`);
  await tx
    .updateTable('task')
    .set({
      state: changed.state,
      next: changed.next,
      account: JSON.stringify(changed.account),
      claimed: changed.claimed,
      outcome: changed.outcome,
      verdict: changed.verdict,
      waiting_reason: changed.waitingReason,
      not_before: changed.notBefore,
      outcome_unknown: changed.outcomeUnknown,
      looks: changed.looks,
      failures: changed.failures,
      error_code: changed.errorCode,
      error_message: changed.errorMessage,
      provider_reason: changed.providerReason,
      looked_at: changed.lookedAt,
      suspended: changed.suspended,
      doubted: JSON.stringify(changed.doubted),
      resolution: changed.resolution,
      resolved_by: changed.resolvedBy,
      resolution_reason: changed.resolutionReason,
      deleted_at: changed.deletedAt,
      finished_at: isSettled(changed.state) ? at : null,
    })
    .where('id', '=', task.id)
    .execute();
  const { erasure, tasks } = await load(tx, task.erasureId);
  await changeErasureState(tx, erasure, stateWhileOpen(erasure, tasks), at);
  const details = { ...entry.details, ...shown(changed) };
  const { integrationId, erasureId } = task;
  const { customerId } = erasure;
  await record(
    tx,
    { actor: GATEWAY, action: entry.action, customerId, erasureId, integrationId, details },
    at,
  );
}

/** What the audit log and the progress stream say of a task: nothing that names the customer. */
function shown({
  id,
  state,
  next,
  outcome,
  verdict,
  waitingReason,
  notBefore,
  errorCode,
}: Task): Record<string, unknown> {
  return { taskId: id, state, next, outcome, verdict, waitingReason, notBefore, errorCode };
}

export async function changeErasureState(
  tx: Tx,
  erasure: Erasure,
  state: ErasureState,
  at: Date,
  details: Record<string, unknown> = {},
): Promise<void> {
  if (state === erasure.state) return;
  if (!mayErasureBecome(erasure.state, state)) {
    throw new Error(`an erasure may not go from ${erasure.state} to ${state}`);
  }
  await tx.updateTable('erasure').set({ state }).where('id', '=', erasure.id).execute();
  const { id: erasureId, customerId } = erasure;
  const entry = {
    actor: GATEWAY,
    action: `erasure.${state.toLowerCase()}`,
    customerId,
    erasureId,
    details: { state, ...details },
  };
  await record(tx, entry, at);
}
