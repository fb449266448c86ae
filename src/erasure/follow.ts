import type { Manifest, ProviderError, ProviderErrorCode } from '../providers/provider.ts';
import type { Task } from './erasure.ts';
import { afterProbe } from './probe.ts';
import {
  after,
  canBeAsked,
  giveUp,
  needReview,
  postpone,
  type AttemptResult,
  type TaskChange,
  type Terms,
} from './task-change.ts';
import { afterDeletion, afterLostDeletion, afterVerification, lookAgain, unseen } from './verification.ts';
import { OUTCOME_OF, type AttemptKind } from './words.ts';

const RETRYABLE: ReadonlySet<ProviderErrorCode> = new Set([
  'RATE_LIMITED',
  'UNAVAILABLE',
  'OUTCOME_UNKNOWN',
  'UNEXPECTED_RESPONSE',
]);

/** Errors of a delete after which the account may be gone. */
const MAY_HAVE_ACTED: ReadonlySet<ProviderErrorCode> = new Set(['OUTCOME_UNKNOWN', 'UNEXPECTED_RESPONSE']);

const RATE_LIMIT_WAIT_MS = 1_000;

const CLEARED = {
  state: 'RUNNING',
  errorCode: null,
  errorMessage: null,
  waitingReason: null,
  notBefore: null,
} as const;

/** The task's next state, from what its attempt brought. The one place that decides about trying again. */
export function follow(task: Task, result: AttemptResult, terms: Terms): TaskChange {
  if ('error' in result) return afterError(task, result.kind, result.error, terms);
  switch (result.kind) {
    case 'PROBE':
      return { ...CLEARED, lookedAt: terms.now, ...afterProbe(task, result, terms) };
    case 'SUSPEND':
      return { ...CLEARED, ...coolOff(terms) };
    case 'RESTORE':
      return restored(task);
    case 'PREPARE':
      return { ...CLEARED, next: 'DELETE' };
    case 'DELETE': {
      const deletedAt = result.deletion.deletedAt === null ? null : new Date(result.deletion.deletedAt);
      return {
        ...CLEARED,
        deletedAt,
        suspended: false,
        ...afterDeletion(OUTCOME_OF[terms.manifest.leaves], terms),
      };
    }
    case 'VERIFY':
      return { ...CLEARED, ...afterVerification(task, result.sighting, terms) };
  }
}

/** The task's next state after the process died in the middle of an attempt. */
export function followInterruption(
  task: Task,
  kind: AttemptKind,
  manifest: Manifest | undefined,
): TaskChange {
  if (kind !== 'DELETE' && kind !== 'PREPARE') return {};
  const outcomeUnknown = task.outcomeUnknown || kind === 'DELETE';
  if (manifest && canBeAsked(task, manifest)) return { next: 'PROBE', outcomeUnknown };
  return outcomeUnknown
    ? { ...needReview('OUTCOME_UNKNOWN', task.account), outcomeUnknown }
    : giveUp('FAILED', 'UNAVAILABLE');
}

/** What follows a suspension, or the attempt at one. */
const coolOff = ({ prepares, scheduledFor }: Terms): TaskChange => ({
  next: prepares ? 'PREPARE' : 'DELETE',
  waitingReason: 'COOL_OFF',
  notBefore: scheduledFor,
  failures: 0,
});

/** What stopped the task has said why when it sent it here; a cancellation has nothing to say. */
const restored = ({ errorCode, outcomeUnknown }: Task): TaskChange => ({
  ...(outcomeUnknown
    ? giveUp('FAILED', 'OUTCOME_UNKNOWN')
    : { state: errorCode === null ? 'CANCELED' : 'BLOCKED', waitingReason: null, notBefore: null }),
  suspended: false,
});

function afterError(task: Task, kind: AttemptKind, error: ProviderError, terms: Terms): TaskChange {
  const { code, message: errorMessage, reason: providerReason = null } = error;
  if (error.postponedBy)
    return postpone({ postponedBy: error.postponedBy, until: error.retryAt ?? terms.now });
  const failure = { errorCode: code, errorMessage, providerReason };
  if (kind === 'VERIFY') {
    return {
      ...failure,
      ...(lookAgain(task, terms, error.retryAt) ?? unseen(task)),
    };
  }
  if (kind === 'DELETE' && code === 'NOT_FOUND') {
    const seen = task.presence === 'UNCONFIRMED' ? 'ALREADY_ABSENT' : 'ABSENT_UNEXPECTEDLY';
    return { state: 'RUNNING', ...afterDeletion(task.outcomeUnknown ? 'DELETED_INFERRED' : seen, terms) };
  }
  if (kind === 'RESTORE' && code === 'NOT_FOUND') return restored(task);
  const ended = { ...failure, waitingReason: null, notBefore: null };
  if (kind === 'DELETE' && code === 'CONFLICT') return { ...ended, state: 'FAILED', outcome: 'REFUSED' };
  const outcomeUnknown = task.outcomeUnknown || (kind === 'DELETE' && MAY_HAVE_ACTED.has(code));
  const retry = RETRYABLE.has(code) ? tryAgain(task, kind, error, outcomeUnknown, terms) : null;
  if (retry) return kind === 'RESTORE' ? retry : { ...failure, ...retry };
  if (kind === 'SUSPEND') return { ...failure, state: 'RUNNING', ...coolOff(terms) };
  if (!outcomeUnknown) return { ...ended, state: 'FAILED' };
  return { ...ended, ...afterLostDeletion(task, terms), outcomeUnknown };
}

/** The next try, which looks before it deletes again; null when there is none. Being told to wait is not a failure. */
function tryAgain(
  task: Task,
  kind: AttemptKind,
  error: ProviderError,
  outcomeUnknown: boolean,
  { manifest, now, retryWaitsMs, random }: Terms,
): TaskChange | null {
  const askable = canBeAsked(task, manifest);
  if (outcomeUnknown && !askable) return null;
  const looksFirst = askable && (kind === 'DELETE' || kind === 'PREPARE');
  const next = looksFirst ? 'PROBE' : kind;
  if (error.code === 'RATE_LIMITED') {
    const notBefore = error.retryAt ?? after(now, RATE_LIMIT_WAIT_MS);
    return { state: 'RUNNING', next, outcomeUnknown, waitingReason: 'RATE_LIMIT', notBefore };
  }
  const wait = retryWaitsMs[task.failures];
  if (wait === undefined) return null;
  const notBefore = after(now, wait * random());
  const failures = task.failures + 1;
  return { state: 'RUNNING', next, outcomeUnknown, failures, waitingReason: 'BACKOFF', notBefore };
}
