import { record, type AuditEntry } from '../audit/log.ts';
import type { Engine } from '../engine/engine.ts';
import type { Tx } from '../store/store.ts';
import { ERASURE_JOB } from './context.ts';
import type { Erasure, Task } from './erasure.ts';
import { ErasureAlreadyOpenError, NothingToResolveError } from './errors.ts';
import { changeErasureState, changeTask, load, type ErasureWithTasks } from './journal.ts';
import { runIdOf, wakeErasure } from './run.ts';
import type { TaskChange } from './task-change.ts';
import { canReopen } from './words.ts';

/** Reads an erasure and keeps everybody else from changing it until the transaction ends. */
export async function lockErasure(tx: Tx, erasureId: string): Promise<ErasureWithTasks> {
  await tx.selectFrom('erasure').select('id').where('id', '=', erasureId).forUpdate().execute();
  return load(tx, erasureId);
}

/** @throws {ErasureAlreadyOpenError | NothingToResolveError} */
async function refuseReopening(tx: Tx, { id, customerId }: Erasure): Promise<void> {
  const { erased_at } = await tx
    .selectFrom('customer')
    .select('erased_at')
    .where('id', '=', customerId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (erased_at) throw new NothingToResolveError(id);
  const open = tx.selectFrom('erasure').select('id').where('customer_id', '=', customerId);
  const other = await open.where('finished_at', 'is', null).executeTakeFirst();
  if (other) throw new ErasureAlreadyOpenError(other.id);
}

async function beginAgain(tx: Tx, engine: Engine, erasure: Erasure, at: Date): Promise<void> {
  await refuseReopening(tx, erasure);
  const run = erasure.run + 1;
  await tx
    .updateTable('erasure')
    .set({ finished_at: null, cancel_requested_at: null, run })
    .where('id', '=', erasure.id)
    .execute();
  await changeErasureState(tx, erasure, 'RUNNING', at);
  await engine.enqueue(tx, ERASURE_JOB, runIdOf({ id: erasure.id, run }));
}

/** What is begun again before the erasure's time waits for it, as it did before. */
function notBeforeItsTime({ scheduledFor }: Erasure, change: TaskChange, at: Date): TaskChange {
  const mayDelete = change.state === 'RUNNING' && change.next !== 'VERIFY' && change.next !== 'RESTORE';
  if (!mayDelete || change.waitingReason || !scheduledFor || scheduledFor <= at) return change;
  return { ...change, waitingReason: 'COOL_OFF', notBefore: scheduledFor };
}

/**
 * Lets tasks go on differently, each with an audit entry; an erasure that has ended begins again.
 *
 * @throws {ErasureAlreadyOpenError | NothingToResolveError}
 */
export async function goOn(
  tx: Tx,
  engine: Engine,
  erasure: Erasure,
  changes: readonly { task: Task; change: TaskChange }[],
  entry: Pick<AuditEntry, 'actor' | 'action' | 'requestId' | 'reason'>,
  at: Date,
): Promise<void> {
  const { id: erasureId, customerId } = erasure;
  const details = { taskIds: changes.map(({ task }) => task.id) };
  await record(tx, { ...entry, customerId, erasureId, details }, at);
  if (canReopen(erasure.state)) await beginAgain(tx, engine, erasure, at);
  else await wakeErasure(engine, tx, erasure);
  for (const { task, change } of changes)
    await changeTask(tx, task, notBeforeItsTime(erasure, change, at), { action: 'task.resolved' }, at);
}
