import type {
  Account,
  Deletion,
  PostponedBy,
  Postponement,
  Manifest,
  Notice,
  ProviderError,
  ProviderErrorCode,
  Sighting,
} from '../providers/provider.ts';
import type { Task, TaskErrorCode } from './erasure.ts';
import type { AttemptKind, Outcome, TaskState, Verdict, WaitingReason } from './words.ts';

/** What an attempt brought. */
export type AttemptResult =
  | { kind: 'PROBE'; accounts: readonly Account[]; blockers: readonly Notice[] }
  | { kind: 'PREPARE' }
  | { kind: 'DELETE'; deletion: Deletion }
  | { kind: 'VERIFY'; sighting: Sighting }
  | { kind: AttemptKind; error: ProviderError };

/** What a task's next step depends on besides the task itself. */
export interface Terms {
  manifest: Manifest;
  /** Whether the integration has something to undo before the delete. */
  prepares: boolean;
  cancelRequested: boolean;
  now: Date;
  /** Waits in ms before the second, third … try. As many tries may fail as there are waits, and one more. */
  retryWaitsMs: readonly number[];
  /** Spreads retries over time: a share between 0 and 1. */
  random(): number;
}

export type TaskChange = Partial<Omit<Task, 'id' | 'erasureId'>>;

const RETRYABLE: ReadonlySet<ProviderErrorCode> = new Set([
  'RATE_LIMITED',
  'UNAVAILABLE',
  'OUTCOME_UNKNOWN',
  'UNEXPECTED_RESPONSE',
]);

/** Errors of a delete after which the account may be gone. */
const MAY_HAVE_ACTED: ReadonlySet<ProviderErrorCode> = new Set(['OUTCOME_UNKNOWN', 'UNEXPECTED_RESPONSE']);

const RATE_LIMIT_WAIT_MS = 1_000;

const OUTCOME_OF: Record<Manifest['leaves'], Outcome> = {
  REMOVED: 'DELETED',
  REDACTED: 'REDACTED',
  SOFT_DELETED: 'SOFT_DELETED',
};

const MESSAGES: Partial<Record<TaskErrorCode, string>> = {
  RECREATED: 'The account that is there now is not the one that was to be deleted: it was created again.',
  APPEARED_AFTER_PLAN: 'An account appeared after the plan had seen none.',
  LINKED_TO_ANOTHER_CUSTOMER: "The account is another customer's.",
  PROTECTED: 'The configuration lists the account among those that are never deleted.',
  AMBIGUOUS: 'Several accounts answer to the key, and nothing says which of them is the customer.',
  STILL_PRESENT: 'The provider said that it deleted the account, and the account is still there.',
  OUTCOME_UNKNOWN:
    'A delete was sent and its answer was lost; whether the account is gone could not be found out.',
  INTEGRATION_GONE: 'The integration is no longer configured.',
  NOT_AUTHORISED: 'Whoever asked for the erasure may no longer delete this customer.',
  REFUSED_ELSEWHERE: 'A provider that is asked first did not delete, so nothing was deleted here.',
};

const WAITING_FOR: Record<PostponedBy, WaitingReason> = {
  RATE_LIMIT: 'RATE_LIMIT',
  CONCURRENCY: 'RATE_LIMIT',
  CIRCUIT: 'CIRCUIT',
  RETRY_BUDGET: 'BACKOFF',
};

/** Lets a task come back later. Nothing was sent, so nothing else about it changes. */
export const postpone = ({ postponedBy, until }: Postponement): TaskChange => ({
  state: 'RUNNING',
  waitingReason: WAITING_FOR[postponedBy],
  notBefore: until,
});

/** Ends a task for a reason of the gateway's own. */
export const giveUp = (state: TaskState, errorCode: TaskErrorCode): TaskChange => ({
  state,
  errorCode,
  errorMessage: MESSAGES[errorCode] ?? null,
  waitingReason: null,
  notBefore: null,
});

const succeed = (verdict: Verdict, outcome: Outcome | null): TaskChange => ({
  state: 'SUCCEEDED',
  verdict,
  outcome,
  waitingReason: null,
  notBefore: null,
});

const after = (now: Date, ms: number): Date => new Date(now.getTime() + ms);

const canBeAsked = (task: Task, manifest: Manifest): boolean => {
  const kind = task.account ? manifest.externalIdKind : task.key.kind;
  return manifest.keys.some((rule) => rule.kind === kind);
};

/** The task's next state, from what its attempt brought. The one place that decides about trying again. */
export function follow(task: Task, result: AttemptResult, terms: Terms): TaskChange {
  if ('error' in result) return afterError(task, result.kind, result.error, terms);
  const cleared = {
    state: 'RUNNING' as const,
    errorCode: null,
    errorMessage: null,
    waitingReason: null,
    notBefore: null,
  };
  switch (result.kind) {
    case 'PROBE':
      return { ...cleared, ...afterProbe(task, result, terms) };
    case 'PREPARE':
      return { ...cleared, next: 'DELETE' };
    case 'DELETE': {
      const deletedAt = result.deletion.deletedAt === null ? null : new Date(result.deletion.deletedAt);
      return { ...cleared, deletedAt, ...afterDeletion(OUTCOME_OF[terms.manifest.leaves], terms) };
    }
    case 'VERIFY':
      return { ...cleared, ...afterVerification(task, result.sighting, terms) };
  }
}

/** The task's next state after the process died in the middle of an attempt. */
export function followInterruption(
  task: Task,
  kind: AttemptKind,
  manifest: Manifest | undefined,
): TaskChange {
  if (kind === 'PROBE' || kind === 'VERIFY') return {};
  const outcomeUnknown = task.outcomeUnknown || kind === 'DELETE';
  if (manifest && canBeAsked(task, manifest)) return { next: 'PROBE', outcomeUnknown };
  return { ...giveUp('FAILED', outcomeUnknown ? 'OUTCOME_UNKNOWN' : 'UNAVAILABLE'), outcomeUnknown };
}

function afterProbe(
  task: Task,
  { accounts, blockers }: { accounts: readonly Account[]; blockers: readonly Notice[] },
  terms: Terms,
): TaskChange {
  const { account: known } = task;
  const seen = known ? accounts.filter(({ externalId }) => externalId === known.externalId) : accounts;
  const [account] = seen;
  if (!account && known) {
    return afterDeletion(task.outcomeUnknown ? 'DELETED_INFERRED' : 'ABSENT_UNEXPECTEDLY', terms);
  }
  if (!account) return succeed('VERIFIED_ABSENT', 'ALREADY_ABSENT');
  if (terms.cancelRequested) return { state: 'CANCELED' };
  if (task.presence === 'ABSENT') return giveUp('BLOCKED', 'APPEARED_AFTER_PLAN');
  if (seen.length > 1) return giveUp('BLOCKED', 'AMBIGUOUS');
  if (known && known.identity !== account.identity) return giveUp('BLOCKED', 'RECREATED');
  if (blockers.length > 0)
    return {
      ...giveUp('BLOCKED', 'BLOCKER'),
      errorMessage: blockers.map(({ message }) => message).join('; '),
    };
  return { account: known ?? account, next: terms.prepares ? 'PREPARE' : 'DELETE' };
}

/** What the provider claims is only an outcome once a look has shown it, or nobody can look. */
function afterDeletion(outcome: Outcome, { manifest, now }: Terms): TaskChange {
  const wait = manifest.verification?.waitsMs[0];
  if (wait === undefined) return succeed('UNVERIFIABLE', outcome);
  return {
    claimed: outcome,
    next: 'VERIFY',
    waitingReason: wait > 0 ? 'VERIFICATION' : null,
    notBefore: after(now, wait),
  };
}

function afterVerification(task: Task, sighting: Sighting, terms: Terms): TaskChange {
  switch (sighting) {
    case 'ABSENT':
      return succeed('VERIFIED_ABSENT', task.claimed);
    case 'REDACTED':
      return succeed('VERIFIED_REDACTED', task.claimed);
    case 'RECREATED':
      return succeed('REAPPEARED', task.claimed);
    case 'UNKNOWN':
      return succeed('UNVERIFIABLE', task.claimed);
    case 'PRESENT':
      return lookAgain(task, terms) ?? { ...giveUp('FAILED', 'STILL_PRESENT'), verdict: 'STILL_PRESENT' };
  }
}

/** The next look of the verification's schedule, or null when that was the last. */
function lookAgain(task: Task, { manifest, now }: Terms, earliest = now): TaskChange | null {
  const looks = task.looks + 1;
  const wait = manifest.verification?.waitsMs[looks];
  if (wait === undefined) return null;
  const notBefore = new Date(Math.max(after(now, wait).getTime(), earliest.getTime()));
  return { state: 'RUNNING', looks, waitingReason: 'VERIFICATION', notBefore };
}

function afterError(task: Task, kind: AttemptKind, error: ProviderError, terms: Terms): TaskChange {
  const { code, message: errorMessage, reason: providerReason = null } = error;
  if (error.postponedBy)
    return postpone({ postponedBy: error.postponedBy, until: error.retryAt ?? terms.now });
  const failure = { errorCode: code, errorMessage, providerReason };
  if (kind === 'VERIFY') {
    return {
      ...failure,
      ...(lookAgain(task, terms, error.retryAt) ?? succeed('UNVERIFIABLE', task.claimed)),
    };
  }
  if (kind === 'DELETE' && code === 'NOT_FOUND') {
    const seen = task.presence === 'UNCONFIRMED' ? 'ALREADY_ABSENT' : 'ABSENT_UNEXPECTEDLY';
    return { state: 'RUNNING', ...afterDeletion(task.outcomeUnknown ? 'DELETED_INFERRED' : seen, terms) };
  }
  const ended = { ...failure, waitingReason: null, notBefore: null };
  if (kind === 'DELETE' && code === 'CONFLICT') return { ...ended, state: 'FAILED', outcome: 'REFUSED' };
  const outcomeUnknown = task.outcomeUnknown || (kind === 'DELETE' && MAY_HAVE_ACTED.has(code));
  const retry = RETRYABLE.has(code) ? tryAgain(task, kind, error, outcomeUnknown, terms) : null;
  if (retry) return { ...failure, ...retry };
  return outcomeUnknown
    ? { ...ended, ...giveUp('FAILED', 'OUTCOME_UNKNOWN'), outcomeUnknown }
    : { ...ended, state: 'FAILED' };
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
  const next = askable ? 'PROBE' : kind;
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
