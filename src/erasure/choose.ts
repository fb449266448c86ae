import type { Erasure, Task } from './erasure.ts';
import { giveUp, type TaskChange } from './follow.ts';
import { isFinished, isSettled, type ErasureState } from './words.ts';

/** What the workflow does next. */
export type Step =
  | { do: 'ATTEMPT'; task: Task }
  | { do: 'SETTLE'; changes: readonly { task: Task; change: TaskChange }[] }
  | { do: 'WAIT'; until: Date }
  | { do: 'PAUSE' }
  | { do: 'FINISH' }
  | { do: 'NOTHING' };

/** Whether stopping the task now leaves nothing unsaid: what may have been deleted is looked at first. */
const canStop = (task: Task): boolean =>
  task.next === 'PREPARE' || task.next === 'DELETE' || (task.next === 'PROBE' && !task.outcomeUnknown);

/** What is looked up anew before each step, for it changes while an erasure runs. */
export interface Standing {
  /** Whether whoever asked for the erasure still reaches the customer. */
  authorised: boolean;
  /** The ground of a hold on the customer; null when there is none. */
  heldFor: string | null;
  /** Whether all deleting is halted. */
  paused: boolean;
}

/** Why the tasks that have not deleted anything yet shall not, or null. */
function reasonToStop(
  erasure: Erasure,
  tasks: readonly Task[],
  { authorised, heldFor }: Standing,
): TaskChange | null {
  if (erasure.cancelRequestedAt) return { state: 'CANCELED', waitingReason: null, notBefore: null };
  if (!authorised) return giveUp('BLOCKED', 'NOT_AUTHORISED');
  if (heldFor !== null) return { ...giveUp('BLOCKED', 'HELD'), outcome: 'RETAINED', errorMessage: heldFor };
  const refused = tasks.some(
    (task) => task.rank === 0 && isSettled(task.state) && task.state !== 'SUCCEEDED',
  );
  return refused ? giveUp('BLOCKED', 'REFUSED_ELSEWHERE') : null;
}

/** The next step of an erasure. Pure: the tables decide, so that a restart goes on where the last process stopped. */
export function choose(erasure: Erasure, tasks: readonly Task[], standing: Standing, now: Date): Step {
  if (isFinished(erasure.state)) return { do: 'NOTHING' };
  const open = tasks.filter((task) => !isSettled(task.state));
  if (open.length === 0) return { do: 'FINISH' };
  const change = reasonToStop(erasure, tasks, standing);
  const stopped = change ? open.filter(canStop) : [];
  if (change && stopped.length > 0)
    return { do: 'SETTLE', changes: stopped.map((task) => ({ task, change })) };

  const deleting = open.filter((task) => task.next !== 'VERIFY');
  const rank = Math.min(...deleting.map((task) => task.rank));
  const inTurn = [
    ...deleting.filter((task) => task.rank === rank),
    ...open.filter((task) => task.next === 'VERIFY'),
  ];
  const eligible = standing.paused ? inTurn.filter((task) => !canStop(task)) : inTurn;
  if (eligible.length === 0) return { do: 'PAUSE' };
  const ready = eligible.find((task) => (task.notBefore?.getTime() ?? 0) <= now.getTime());
  if (ready) return { do: 'ATTEMPT', task: ready };
  return { do: 'WAIT', until: new Date(Math.min(...eligible.map((task) => task.notBefore!.getTime()))) };
}

/** The state of an erasure that has not ended. */
export function stateWhileOpen(erasure: Erasure, tasks: readonly Task[]): ErasureState {
  const open = tasks.filter((task) => !isSettled(task.state));
  if (open.length === 0) return erasure.state;
  return open.every((task) => task.next === 'VERIFY') ? 'VERIFYING' : 'RUNNING';
}

const GONE = new Set(['DELETED', 'REDACTED', 'SOFT_DELETED', 'DELETED_INFERRED', 'ABSENT_UNEXPECTEDLY']);
const VERIFIED = new Set(['VERIFIED_ABSENT', 'VERIFIED_REDACTED']);

/** The state that an erasure ends in. */
export function conclude(erasure: Erasure, tasks: readonly Task[]): ErasureState {
  const succeeded = tasks.filter((task) => task.state === 'SUCCEEDED');
  if (succeeded.length === tasks.length) {
    const verified = succeeded.every((task) => task.verdict !== null && VERIFIED.has(task.verdict));
    return verified ? 'COMPLETED' : 'COMPLETED_WITH_EXCEPTIONS';
  }
  const someGone = tasks.some(
    (task) => (task.outcome !== null && GONE.has(task.outcome)) || task.outcomeUnknown,
  );
  if (someGone) return 'PARTIAL';
  return erasure.cancelRequestedAt ? 'CANCELED' : 'FAILED';
}
