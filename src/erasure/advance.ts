import type { Role } from '../access/viewer.ts';
import type { Advance, Engine } from '../engine/engine.ts';
import { attempt, writeOff } from './attempt.ts';
import { choose, type Standing } from './choose.ts';
import type { ErasureContext } from './context.ts';
import type { Erasure } from './erasure.ts';
import { finish } from './finish.ts';
import { standingHolds } from './hold.ts';
import { changeErasureState, changeTask, load, unfinishedAttempts } from './journal.ts';
import { pauseOf } from './pause.ts';

/** Resuming wakes what waits; this is for a process that was not told. */
const PAUSE_LOOK_MS = 60_000;
const CONTINUE: Advance = { do: 'CONTINUE' };

/** Customers and managers move, holds are placed, and everything may be halted while an erasure waits. */
async function standingOf({ directory, store }: ErasureContext, erasure: Erasure): Promise<Standing> {
  const requester = { role: erasure.requesterRole as Role, manager: erasure.requesterManager };
  const [customer, [holds], pause] = await Promise.all([
    directory.byId(requester, erasure.customerId),
    standingHolds(store.db, [erasure.customerId]),
    pauseOf(store.db),
  ]);
  return { authorised: customer !== null, heldFor: holds![0]?.ground ?? null, paused: pause !== null };
}

async function start(context: ErasureContext, erasure: Erasure): Promise<void> {
  if (erasure.state !== 'SCHEDULED') return;
  await context.store.transaction((tx) => changeErasureState(tx, erasure, 'RUNNING', context.clock.now()));
}

/**
 * Takes one step of an erasure: at most one call of a provider. May run again for the same step after a crash; the
 * tables say what was already done.
 */
export async function advance(context: ErasureContext, engine: Engine, erasureId: string): Promise<Advance> {
  const { store, clock } = context;
  const journal = await load(store.db, erasureId);
  const { erasure, tasks } = journal;
  const [lost] = await unfinishedAttempts(store.db, erasureId);
  if (lost) {
    await writeOff(
      context,
      erasure,
      tasks.find((task) => task.id === lost.taskId)!,
      lost,
    );
    return CONTINUE;
  }
  const step = choose(erasure, tasks, await standingOf(context, erasure), clock.now());
  if (step.do === 'NOTHING') return { do: 'END' };
  if (step.do === 'WAIT') return { do: 'WAIT', until: step.until.getTime() };
  if (step.do === 'PAUSE') return { do: 'WAIT', until: Date.now() + PAUSE_LOOK_MS };
  await start(context, erasure);
  if (step.do === 'ATTEMPT') await attempt(context, erasure, step.task);
  if (step.do === 'FINISH') await finish(context, engine, await load(store.db, erasureId));
  if (step.do === 'SETTLE') {
    const at = clock.now();
    await store.transaction(async (tx) => {
      for (const { task, change } of step.changes)
        await changeTask(tx, task, change, { action: 'task.stopped' }, at);
    });
  }
  if (step.do === 'FINISH') context.checkpoint('erasure.finished');
  return step.do === 'FINISH' ? { do: 'END' } : CONTINUE;
}
