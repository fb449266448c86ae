import { GATEWAY, record } from '../../audit/log.ts';
import type { Advance, Engine } from '../../engine/engine.ts';
import { anyRevoked } from '../../revocation/any-revoked.ts';
import type { ErasureContext } from '../context.ts';
import { pauseOf } from '../pause.ts';
import { expireApproval } from './approve.ts';
import type { Bulk } from './bulk.ts';
import { stopErasures } from './cancel.ts';
import { changeBulk, loadBulk } from './change.ts';
import { countsOf } from './counts.ts';
import { nextItem, openErasures, refuseRest } from './items.ts';
import { openItem } from './open-item.ts';

/** So many erasures of one bulk delete at the same time, so that there is something left to pause. */
const MOST_DELETING = 20;
/** Nothing tells a bulk that one of them is only verified any more, which may take minutes. */
const UNTIL_VERIFYING_MS = 1_500;
/** Whatever ends or resumes wakes a bulk that waits; this is for a process that was not told. */
const LOOK_MS = 60_000;

const wait = (ms = LOOK_MS): Advance => ({ do: 'WAIT', until: Date.now() + ms });

async function awaitApproval(context: ErasureContext, { id, approvalExpiresAt }: Bulk): Promise<Advance> {
  const leftMs = approvalExpiresAt!.getTime() - context.clock.now().getTime();
  if (leftMs > 0) return { do: 'WAIT', until: Date.now() + leftMs };
  await expireApproval(context, id);
  return { do: 'CONTINUE' };
}

async function finish({ store, clock }: ErasureContext, { id, cancelRequest }: Bulk): Promise<Advance> {
  const [counts] = await countsOf(store, [id]);
  const state = cancelRequest ? 'CANCELED' : 'COMPLETED';
  const at = clock.now();
  await store.transaction(async (tx) => {
    await changeBulk(tx, id, {
      state,
      paused_by: null,
      pause_reason: null,
      paused_at: null,
      finished_at: at,
    });
    const details = { bulkId: id, ...counts };
    await record(tx, { actor: GATEWAY, action: `bulk.${state.toLowerCase()}`, details }, at);
  });
  return { do: 'END' };
}

/** Refuses everyone whose turn has not come. */
async function refuseRevoked({ store }: ErasureContext, { id }: Bulk): Promise<Advance> {
  const message = 'A token was revoked that the bulk was asked for or approved with.';
  await store.transaction(async (tx) => {
    await changeBulk(tx, id);
    await refuseRest(tx, id, 'NOT_AUTHORISED', message);
  });
  return { do: 'CONTINUE' };
}

/**
 * Takes one step of a bulk: the turn of one customer at the most. May run again for the same step after a crash; the
 * tables say what was already done.
 */
export async function advanceBulk(context: ErasureContext, engine: Engine, id: string): Promise<Advance> {
  const { db } = context.store;
  const bulk = await loadBulk(db, id);
  if (bulk.finishedAt) return { do: 'END' };
  if (bulk.cancelRequest) await stopErasures(context, engine, bulk);
  else if (bulk.state === 'AWAITING_APPROVAL') return awaitApproval(context, bulk);
  const [item, open] = await Promise.all([nextItem(db, id), openErasures(db, id)]);
  if (!item && open.length === 0) return finish(context, bulk);
  if (item && (await anyRevoked(db, [bulk.requester, bulk.approver]))) return refuseRevoked(context, bulk);
  if (!item || bulk.state === 'PAUSED' || (await pauseOf(db))) return wait();
  const deleting = open.filter(({ state }) => state !== 'VERIFYING');
  if (deleting.length >= MOST_DELETING) return wait(UNTIL_VERIFYING_MS);
  return openItem(context, engine, bulk, item);
}
