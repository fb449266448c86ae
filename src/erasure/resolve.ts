import type { Engine } from '../engine/engine.ts';
import type { ErasureContext } from './context.ts';
import type { Erasure, Task } from './erasure.ts';
import { ErasureNotFoundError, NothingToResolveError, TaskNotFoundError } from './errors.ts';
import { identityOf } from './identity.ts';
import type { Requester } from './open.ts';
import { erasureById, erasureOfTask } from './read.ts';
import { checkReason } from './reason.ts';
import { goOn, lockErasure } from './reopen.ts';
import { afterResolution, retry } from './resolution.ts';
import { canReopen, isSettled, type Resolution } from './words.ts';

/** Whether the task's erasure has ended without it. */
const isLeft = ({ state: ended }: Erasure, { state, resolution }: Task): boolean =>
  canReopen(ended) && isSettled(state) && state !== 'SUCCEEDED' && resolution !== 'SKIP';

/**
 * Does again what an erasure left undone, in the same erasure: each account is looked at before it is deleted.
 *
 * @throws {InvalidInputError | ErasureNotFoundError | NothingToResolveError | ErasureAlreadyOpenError}
 */
export async function retryErasure(
  { store, clock, integrations }: ErasureContext,
  engine: Engine,
  { viewer, requestId }: Pick<Requester, 'viewer' | 'requestId'>,
  { erasureId, reason }: { erasureId: string; reason: string },
): Promise<void> {
  const known = await erasureById(store, viewer, erasureId);
  if (!known) throw new ErasureNotFoundError();
  checkReason(reason, await identityOf(store.db, known.customerId));
  await store.transaction(async (tx) => {
    const { erasure, tasks } = await lockErasure(tx, erasureId);
    const left = tasks.filter((task) => isLeft(erasure, task));
    if (left.length === 0) throw new NothingToResolveError(erasureId);
    const by = { resolution: 'RETRY' as const, resolvedBy: viewer.subject, resolutionReason: reason };
    const changes = left.map((task) => ({
      task,
      change: { ...retry(task, integrations.get(task.integrationId)), ...by },
    }));
    const entry = { actor: viewer, requestId, reason, action: 'erasure.retried' };
    await goOn(tx, engine, erasure, changes, entry, clock.now());
  });
}

/**
 * Carries out a person's decision about one task: one that needs a review, or one that its erasure ended without.
 *
 * @throws {InvalidInputError | TaskNotFoundError | NothingToResolveError | ErasureAlreadyOpenError}
 */
export async function resolveTask(
  { store, clock, integrations }: ErasureContext,
  engine: Engine,
  { viewer, requestId }: Pick<Requester, 'viewer' | 'requestId'>,
  { taskId, resolution, reason }: { taskId: string; resolution: Resolution; reason: string },
): Promise<string> {
  const known = await erasureOfTask(store, viewer, taskId);
  if (!known) throw new TaskNotFoundError();
  checkReason(reason, await identityOf(store.db, known.customerId));
  const erasureId = known.id;
  await store.transaction(async (tx) => {
    const { erasure, tasks } = await lockErasure(tx, erasureId);
    const task = tasks.find(({ id }) => id === taskId)!;
    if (task.waitingReason !== 'NEEDS_REVIEW' && !isLeft(erasure, task))
      throw new NothingToResolveError(erasureId);
    const by = { resolution, resolvedBy: viewer.subject, resolutionReason: reason };
    const followed = afterResolution(task, resolution, reason, integrations.get(task.integrationId));
    const entry = { actor: viewer, requestId, reason, action: `task.${resolution.toLowerCase()}` };
    await goOn(tx, engine, erasure, [{ task, change: { ...followed, ...by } }], entry, clock.now());
  });
  return erasureId;
}
