import { InvalidInputError } from '../customer/errors.ts';
import type { Integration } from '../providers/provider.ts';
import type { Task } from './erasure.ts';
import { canBeAsked, giveUp, needReview, succeed, type TaskChange } from './task-change.ts';
import { OUTCOME_OF, type AttemptKind, type Resolution } from './words.ts';

const refuse = (message: string): never => {
  throw new InvalidInputError([{ path: 'resolution', message }]);
};

/** As if nothing had been tried. */
const AFRESH = {
  state: 'RUNNING',
  waitingReason: null,
  notBefore: null,
  errorCode: null,
  errorMessage: null,
  providerReason: null,
  outcome: null,
  verdict: null,
  doubted: null,
  looks: 0,
  failures: 0,
} as const;

const kindOfDelete = ({ prepare }: Integration): AttemptKind => (prepare ? 'PREPARE' : 'DELETE');

/** Who says that an account was deleted by hand has not said that the gateway may delete one that the plan had not seen. */
const withoutAdopted = ({ presence, resolution }: Task): TaskChange =>
  presence === 'ABSENT' && resolution === 'DONE_BY_HAND' ? { account: null, claimed: null } : {};

/** Looks first wherever one can; a delete that may have done its work is never repeated unseen. */
export function retry(task: Task, integration: Integration | undefined): TaskChange {
  if (!integration) return giveUp('FAILED', 'INTEGRATION_GONE');
  if (canBeAsked(task, integration.manifest)) return { ...AFRESH, next: 'PROBE', ...withoutAdopted(task) };
  if (task.outcomeUnknown) return needReview('OUTCOME_UNKNOWN', task.account);
  return { ...AFRESH, next: kindOfDelete(integration) };
}

/**
 * Deletes the account that the person has judged, and no other: it is looked at once more where that is possible. That
 * an earlier delete may have done its work stays known.
 */
function deleteDoubted(task: Task, integration: Integration): TaskChange {
  const account = task.doubted;
  if (!account) return refuse('There is no single account in doubt. Link the right one, and retry.');
  const next = canBeAsked({ ...task, account }, integration.manifest) ? 'PROBE' : kindOfDelete(integration);
  const outcomeUnknown = task.outcomeUnknown || task.claimed !== null;
  return { ...AFRESH, next, account, claimed: null, outcomeUnknown, doubted: account };
}

/** Believes the person as far as nobody can look. */
function doneByHand(task: Task, integration: Integration): TaskChange {
  const account = task.account ?? task.doubted;
  if (!account) return refuse('It is not known which account was deleted. Link it, and retry.');
  const claimed = OUTCOME_OF[integration.manifest.leaves];
  if (!integration.manifest.verification) return { ...AFRESH, ...succeed('UNVERIFIABLE', claimed) };
  return { ...AFRESH, account, claimed, next: 'VERIFY' };
}

function skip(task: Task, reason: string): TaskChange {
  if (task.outcomeUnknown) return { ...giveUp('FAILED', 'OUTCOME_UNKNOWN'), doubted: null };
  const kept = { outcome: 'RETAINED', errorMessage: reason, doubted: null } as const;
  const stopped = { ...giveUp('BLOCKED', 'SKIPPED'), ...kept };
  return task.suspended ? { ...stopped, state: 'RUNNING', next: 'RESTORE' } : stopped;
}

/**
 * What follows from a person's decision about a task.
 *
 * @throws {InvalidInputError} where the decision does not fit the task.
 */
export function afterResolution(
  task: Task,
  resolution: Resolution,
  reason: string,
  integration: Integration | undefined,
): TaskChange {
  if (resolution === 'SKIP') return skip(task, reason);
  if (!integration) return refuse('The integration is no longer configured.');
  if (resolution === 'DELETE') return deleteDoubted(task, integration);
  if (resolution === 'DONE_BY_HAND') return doneByHand(task, integration);
  if (task.outcomeUnknown && !canBeAsked(task, integration.manifest))
    return refuse('Nobody can look whether it is gone. Choose DELETE, DONE_BY_HAND or SKIP.');
  return retry(task, integration);
}
