import type { Advance, Engine } from '../engine/engine.ts';
import { attempt, writeOff } from './attempt.ts';
import { expireApproval } from './deny.ts';
import { choose, type Step } from './choose.ts';
import type { ErasureContext } from './context.ts';
import type { Attempt, Erasure, Task } from './erasure.ts';
import { finish } from './finish.ts';
import { changeErasureState, changeTask, load, attemptsOf, type ErasureWithTasks } from './journal.ts';
import { lookAgain } from './look-again.ts';
import { readRunId } from './run.ts';
import { signReceipts } from './sign-receipt.ts';
import { standingOf } from './standing.ts';

/** Whoever changes something wakes what waits for it; this is for the one that was not told. */
const IDLE_MS = 3_600_000;
/** Audit entries get their places soon after they are written. */
const UNTIL_PLACED_MS = 100;

type Settlement = Extract<Step, { do: 'SETTLE' }>;

const CONTINUE: Advance = { do: 'CONTINUE' };
const YIELD: Advance = { do: 'YIELD' };

/** Writes down that the first step is taken that is more than a preparation. */
async function begin(context: ErasureContext, erasure: Erasure, { next }: Task): Promise<void> {
  if (erasure.state !== 'SCHEDULED' || next === 'SUSPEND' || next === 'RESTORE') return;
  await context.store.transaction((tx) => changeErasureState(tx, erasure, 'RUNNING', context.clock.now()));
}

async function settle({ store, clock }: ErasureContext, changes: Settlement['changes']): Promise<void> {
  const at = clock.now();
  await store.transaction(async (tx) => {
    for (const { task, change } of changes)
      await changeTask(tx, task, change, { action: 'task.stopped' }, at);
  });
}

/** The engine knows the time of day alone, and not the clock of the context. */
const msUntil = ({ clock }: ErasureContext, time: Date): number => time.getTime() - clock.now().getTime();

async function take(
  context: ErasureContext,
  engine: Engine,
  journal: ErasureWithTasks,
  attempts: readonly Attempt[],
  step: Step,
): Promise<Advance> {
  const { erasure } = journal;
  switch (step.do) {
    case 'NOTHING': {
      const done = await signReceipts(context, erasure.id);
      return done ? { do: 'END' } : { do: 'WAIT', until: Date.now() + UNTIL_PLACED_MS };
    }
    case 'WAIT':
      return { do: 'WAIT', until: Date.now() + (step.until ? msUntil(context, step.until) : IDLE_MS) };
    case 'EXPIRE':
      await expireApproval(context, erasure);
      return CONTINUE;
    case 'LOOK_AGAIN':
      await lookAgain(context, journal);
      return CONTINUE;
    case 'SETTLE':
      await settle(context, step.changes);
      return CONTINUE;
    case 'ATTEMPT': {
      const { task } = step;
      const made = attempts.filter(({ taskId }) => taskId === task.id).map(({ number }) => number);
      await begin(context, erasure, task);
      return (await attempt(context, erasure, task, Math.max(0, ...made))) ? CONTINUE : YIELD;
    }
    case 'FINISH':
      await finish(context, engine, journal);
      context.checkpoint('erasure.finished');
      return CONTINUE;
  }
}

/**
 * Takes one step of a run of an erasure: at most one call that changes something at a provider. May run again for the
 * same step after a crash; the tables say what was already done.
 */
export async function advance(context: ErasureContext, engine: Engine, runId: string): Promise<Advance> {
  const { store, clock } = context;
  const { id, run } = readRunId(runId);
  const attempts = await attemptsOf(store.db, id); // before the tasks, which then know of every end among them
  const journal = await load(store.db, id);
  const { erasure, tasks } = journal;
  if (erasure.run !== run) return { do: 'END' };
  const lost = attempts.find(({ finishedAt }) => finishedAt === null);
  if (lost) {
    const task = tasks.find((one) => one.id === lost.taskId)!;
    await writeOff(context, erasure, task, lost);
    return YIELD;
  }
  const standing = await standingOf(store.db, erasure);
  return take(context, engine, journal, attempts, choose(erasure, tasks, standing, clock.now()));
}
