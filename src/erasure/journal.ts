import { GATEWAY, recordOfErasure } from '../audit/log.ts';
import type { Store, Tx } from '../store/store.ts';
import { stateWhileOpen, type OpenTask } from './choose.ts';
import { attemptOf, erasureOf, taskOf, type Attempt, type Erasure, type Task } from './erasure.ts';
import type { TaskChange } from './task-change.ts';
import { isSettled, mayErasureBecome, mayTaskBecome, type ErasureState } from './words.ts';

/** An erasure and its tasks, in the order of the plan. */
export interface ErasureWithTasks {
  erasure: Erasure;
  tasks: Task[];
}

type Reader = Store['db'] | Tx;
type ErasureInState = Pick<Erasure, 'id' | 'customerId' | 'state'>;

export async function load(db: Reader, erasureId: string): Promise<ErasureWithTasks> {
  const erasure = await db
    .selectFrom('erasure')
    .selectAll()
    .where('id', '=', erasureId)
    .executeTakeFirstOrThrow();
  const tasks = db.selectFrom('task').selectAll().where('erasure_id', '=', erasureId).orderBy('position');
  return { erasure: erasureOf(erasure), tasks: (await tasks.execute()).map(taskOf) };
}

/** All attempts of an erasure. One without a result: the process that made it is gone. */
export async function attemptsOf(db: Reader, erasureId: string): Promise<Attempt[]> {
  const rows = await db
    .selectFrom('attempt')
    .selectAll('attempt')
    .innerJoin('task', 'task.id', 'attempt.task_id')
    .where('task.erasure_id', '=', erasureId)
    .execute();
  return rows.map(attemptOf);
}

/** Writes down that an attempt begins, before anything is sent. False: somebody else's has begun with that number. */
export async function beginAttempt(
  tx: Tx,
  task: Task,
  { kind, number }: Pick<Attempt, 'kind' | 'number'>,
  at: Date,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('attempt')
    .values({ task_id: task.id, number, kind, started_at: at })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
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

/** The columns of a task that change. */
const columnsOf = (task: Task, at: Date) => ({
  state: task.state,
  next: task.next,
  account: JSON.stringify(task.account),
  claimed: task.claimed,
  outcome: task.outcome,
  verdict: task.verdict,
  waiting_reason: task.waitingReason,
  not_before: task.notBefore,
  outcome_unknown: task.outcomeUnknown,
  looks: task.looks,
  failures: task.failures,
  error_code: task.errorCode,
  error_message: task.errorMessage,
  provider_reason: task.providerReason,
  looked_at: task.lookedAt,
  suspended: task.suspended,
  doubted: JSON.stringify(task.doubted),
  resolution: task.resolution,
  resolved_by: task.resolvedBy,
  resolution_reason: task.resolutionReason,
  deleted_at: task.deletedAt,
  finished_at: isSettled(task.state) ? at : null,
});

/** An erasure and its tasks, as far as they say which state it is in. */
async function loadStates(tx: Tx, erasureId: string) {
  const rows = await tx
    .selectFrom('erasure')
    .innerJoin('task', 'task.erasure_id', 'erasure.id')
    .select(['erasure.customer_id', 'erasure.state as erasure_state', 'task.state', 'task.next'])
    .where('erasure.id', '=', erasureId)
    .execute();
  const { customer_id: customerId, erasure_state: state } = rows[0]!;
  return { erasure: { id: erasureId, customerId, state: state as ErasureState }, tasks: rows as OpenTask[] };
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
  await tx.updateTable('task').set(columnsOf(changed, at)).where('id', '=', task.id).execute();
  const { erasure, tasks } = await loadStates(tx, task.erasureId);
  const state = stateWhileOpen(erasure, tasks);
  const details = { ...entry.details, ...shown(changed) };
  const { customerId } = erasure;
  const ofTask = {
    actor: GATEWAY,
    action: entry.action,
    customerId,
    integrationId: task.integrationId,
    details,
  };
  const entries = state === erasure.state ? [ofTask] : [becoming(erasure, state), ofTask];
  await recordOfErasure(tx, task.erasureId, { state }, entries, at);
}

/** What the audit log says of an erasure's new state, which it must be allowed to have. */
function becoming({ state, customerId }: ErasureInState, to: ErasureState, details: object = {}) {
  if (!mayErasureBecome(state, to)) throw new Error(`an erasure may not go from ${state} to ${to}`);
  const action = `erasure.${to.toLowerCase()}`;
  return { actor: GATEWAY, action, customerId, details: { state: to, ...details } };
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
  erasure: ErasureInState,
  state: ErasureState,
  at: Date,
  details: Record<string, unknown> = {},
): Promise<void> {
  if (state === erasure.state) return;
  await recordOfErasure(tx, erasure.id, { state }, [becoming(erasure, state, details)], at);
}
