import type { Principal } from '../access/viewer.ts';
import { record } from '../audit/log.ts';
import type { Engine } from '../engine/engine.ts';
import type { Store } from '../store/store.ts';
import type { ErasureContext } from './context.ts';
import { forbid } from './forbid.ts';
import { checkReason } from './reason.ts';
import { wakeAll } from './wake-all.ts';

/** The stop switch: while it is on, no erasure deletes anything more. What was deleted is still looked at. */
export interface Pause {
  reason: string;
  pausedBy: string;
  pausedAt: Date;
}

/** The pause that is on; null while deleting goes on. */
export async function pauseOf(db: Pick<Store['db'], 'selectFrom'>): Promise<Pause | null> {
  const row = await db.selectFrom('pause').selectAll().executeTakeFirst();
  return row ? { reason: row.reason, pausedBy: row.paused_by, pausedAt: row.paused_at } : null;
}

/**
 * Turns the switch on or off. On: every erasure, in every process, stops before its next delete. Off: all go on.
 *
 * @throws {InvalidInputError}
 */
export async function setPause(
  { store, clock }: ErasureContext,
  engine: Engine,
  { viewer, requestId }: { viewer: Principal; requestId: string },
  { on, reason }: { on: boolean; reason: string },
): Promise<Pause | null> {
  checkReason(reason);
  const at = clock.now();
  await store.transaction(async (tx) => {
    await forbid(tx);
    const values = { reason, paused_by: viewer.subject, paused_at: at };
    if (on)
      await tx
        .insertInto('pause')
        .values(values)
        .onConflict((c) => c.doNothing())
        .execute();
    else await tx.deleteFrom('pause').execute();
    const action = on ? 'erasures.paused' : 'erasures.resumed';
    await record(tx, { actor: viewer, requestId, action, reason }, at);
    if (!on) await wakeAll(tx, engine);
  });
  return pauseOf(store.db);
}
