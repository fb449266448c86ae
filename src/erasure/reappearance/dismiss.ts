import type { Principal } from '../../access/viewer.ts';
import type { ErasureContext } from '../context.ts';
import { checkReason } from '../reason.ts';
import { ReappearanceNotFoundError, ReappearanceResolvedError } from './errors.ts';
import { reappearanceById, type Reappearance } from './reappearance.ts';
import { resolve } from './resolve.ts';

/** A re-appearance that nothing has come of yet. @throws {ReappearanceNotFoundError | ReappearanceResolvedError} */
export async function openReappearance(
  { store }: ErasureContext,
  viewer: Principal,
  id: string,
): Promise<Reappearance> {
  const reappearance = await reappearanceById(store, viewer, id);
  if (!reappearance) throw new ReappearanceNotFoundError();
  if (reappearance.resolvedAt) throw new ReappearanceResolvedError(id);
  return reappearance;
}

/**
 * Leaves an account that has re-appeared as it is. It is not raised again.
 *
 * @throws {InvalidInputError | ReappearanceNotFoundError | ReappearanceResolvedError}
 */
export async function dismissReappearance(
  context: ErasureContext,
  { viewer, requestId }: { viewer: Principal; requestId: string },
  { reappearanceId: id, reason }: { reappearanceId: string; reason: string },
): Promise<void> {
  checkReason(reason);
  await openReappearance(context, viewer, id);
  const resolving = {
    resolution: 'DISMISSED',
    newErasureId: null,
    actor: viewer,
    requestId,
    reason,
  } as const;
  const dismissed = await context.store.transaction((tx) => resolve(tx, id, resolving, context.clock.now()));
  if (!dismissed) throw new ReappearanceResolvedError(id);
}
