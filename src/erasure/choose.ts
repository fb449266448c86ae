import type { Erasure, Task } from './erasure.ts';
import { giveUp, type TaskChange } from './task-change.ts';
import { isFinished, isSettled, type AttemptKind, type ErasureState } from './words.ts';

/** What the workflow does next. */
export type Step =
  | { do: 'ATTEMPT'; task: Task }
  | { do: 'SETTLE'; changes: readonly { task: Task; change: TaskChange }[] }
  /** The plan is old, so it is looked again before anything is deleted. */
  | { do: 'LOOK_AGAIN' }
  /** Nobody approved in time. */
  | { do: 'EXPIRE' }
  /** Until then, or until somebody changes something; null: for that alone. */
  | { do: 'WAIT'; until: Date | null }
  | { do: 'FINISH' }
  | { do: 'NOTHING' };

const NOT_BEGUN: ReadonlySet<AttemptKind> = new Set(['SUSPEND', 'PREPARE', 'DELETE']);

/** Whether stopping the task now leaves nothing unsaid: what may have been deleted is looked at first. */
const canStop = ({ next, outcomeUnknown }: Task): boolean =>
  NOT_BEGUN.has(next) || (next === 'PROBE' && !outcomeUnknown);

const needsReview = ({ waitingReason }: Task): boolean => waitingReason === 'NEEDS_REVIEW';

/** What is looked up anew before each step, for it changes while an erasure runs. */
export interface Standing {
  /** Whether whoever asked for the erasure still reaches the customer, and no token that it stands on was revoked. */
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
  if (erasure.cancelRequestedAt || erasure.deniedAt)
    return { state: 'CANCELED', errorCode: null, errorMessage: null, waitingReason: null, notBefore: null };
  if (!authorised) return giveUp('BLOCKED', 'NOT_AUTHORISED');
  if (heldFor !== null) return { ...giveUp('BLOCKED', 'HELD'), outcome: 'RETAINED', errorMessage: heldFor };
  const refused = tasks.some(
    ({ rank, state, resolution }) =>
      rank === 0 && isSettled(state) && state !== 'SUCCEEDED' && resolution !== 'SKIP',
  );
  return refused ? giveUp('BLOCKED', 'REFUSED_ELSEWHERE') : null;
}

/** How one task stops: what is suspended is restored first, and what nobody knows is not called canceled or kept. */
function stop(task: Task, change: TaskChange): TaskChange {
  if (task.outcomeUnknown && needsReview(task)) return giveUp('FAILED', task.errorCode!);
  if (task.outcomeUnknown && !task.suspended) return giveUp('FAILED', 'OUTCOME_UNKNOWN');
  return task.suspended ? { ...change, state: 'RUNNING', next: 'RESTORE' } : change;
}

/** Whether it is not said yet that the account is gone, so that whatever comes after it has to wait. */
const isDeleting = ({ next, claimed }: Task): boolean =>
  next === 'VERIFY' ? claimed === null : next !== 'SUSPEND' && next !== 'RESTORE';

/** The tasks that may be worked on now or later, as far as nothing has to be done before them. */
function inTurn(open: readonly Task[], paused: boolean): Task[] {
  const deleting = open.filter(isDeleting);
  const rank = Math.min(...deleting.map((task) => task.rank));
  const turn = [
    ...deleting.filter((task) => task.rank === rank),
    ...open.filter((task) => !deleting.includes(task)),
  ];
  return turn.filter((task) => !needsReview(task) && !(paused && canStop(task)));
}

/** The next step of an erasure. Pure: the tables decide, so that a restart goes on where the last process stopped. */
export function choose(erasure: Erasure, tasks: readonly Task[], standing: Standing, now: Date): Step {
  const { state, approvalExpiresAt, deniedAt, cancelRequestedAt } = erasure;
  if (isFinished(state)) return { do: 'NOTHING' };
  if (state === 'AWAITING_APPROVAL' && !deniedAt && !cancelRequestedAt)
    return approvalExpiresAt! > now ? { do: 'WAIT', until: approvalExpiresAt } : { do: 'EXPIRE' };
  const open = tasks.filter((task) => !isSettled(task.state));
  if (open.length === 0) return { do: 'FINISH' };
  const change = reasonToStop(erasure, tasks, standing);
  const stopped = change ? open.filter((task) => canStop(task) || needsReview(task)) : [];
  if (change && stopped.length > 0)
    return { do: 'SETTLE', changes: stopped.map((task) => ({ task, change: stop(task, change) })) };

  const eligible = inTurn(open, standing.paused);
  const ready = eligible.find((task) => (task.notBefore?.getTime() ?? 0) <= now.getTime());
  if (ready && mustLookAgain(erasure, ready)) return { do: 'LOOK_AGAIN' };
  if (ready) return { do: 'ATTEMPT', task: ready };
  const times = eligible.map((task) => task.notBefore!.getTime());
  return { do: 'WAIT', until: times.length > 0 ? new Date(Math.min(...times)) : null };
}

/** Whether time has passed since the plan, and what comes now is no longer only a preparation. */
const mustLookAgain = ({ state, scheduledFor, approvedAt }: Erasure, { next }: Task): boolean =>
  state === 'SCHEDULED' &&
  (scheduledFor !== null || approvedAt !== null) &&
  next !== 'SUSPEND' &&
  next !== 'RESTORE';

/** A task, as far as it says which state its erasure is in. */
export type OpenTask = Pick<Task, 'state' | 'next'>;

/** The state of an erasure that has not ended. */
export function stateWhileOpen(erasure: Pick<Erasure, 'state'>, tasks: readonly OpenTask[]): ErasureState {
  const open = tasks.filter((task) => !isSettled(task.state));
  const hasBegun = erasure.state === 'RUNNING' || erasure.state === 'VERIFYING';
  if (open.length === 0 || !hasBegun) return erasure.state;
  return open.every((task) => task.next === 'VERIFY') ? 'VERIFYING' : 'RUNNING';
}

const GONE = new Set(['DELETED', 'REDACTED', 'SOFT_DELETED', 'DELETED_INFERRED', 'ABSENT_UNEXPECTEDLY']);
const VERIFIED = new Set(['VERIFIED_ABSENT', 'VERIFIED_REDACTED']);

/** The state that an erasure ends in. */
export function conclude(erasure: Erasure, tasks: readonly Task[]): ErasureState {
  const succeeded = tasks.filter((task) => task.state === 'SUCCEEDED');
  const stopped = erasure.deniedAt !== null || erasure.cancelRequestedAt !== null;
  if (succeeded.length === tasks.length && !(stopped && tasks.length === 0)) {
    const verified = succeeded.every((task) => task.verdict !== null && VERIFIED.has(task.verdict));
    return verified ? 'COMPLETED' : 'COMPLETED_WITH_EXCEPTIONS';
  }
  const someGone = tasks.some(
    (task) => (task.outcome !== null && GONE.has(task.outcome)) || task.outcomeUnknown,
  );
  if (someGone) return 'PARTIAL';
  if (tasks.some((task) => task.suspended)) return 'FAILED';
  if (erasure.deniedAt) return 'DENIED';
  return erasure.cancelRequestedAt ? 'CANCELED' : 'FAILED';
}
