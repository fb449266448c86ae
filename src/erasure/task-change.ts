import type {
  Account,
  Deletion,
  Manifest,
  Notice,
  PostponedBy,
  Postponement,
  ProviderError,
  Sighting,
} from '../providers/provider.ts';
import type { Task, TaskErrorCode } from './erasure.ts';
import type { AttemptKind, Outcome, TaskState, Verdict, WaitingReason } from './words.ts';

/** What a look before the delete showed. */
export interface Probed {
  accounts: readonly Account[];
  /** What forbids to delete an account that the plan had not seen. */
  blockers: readonly Notice[];
  /** Whether what is there is what was there before, where the provider gives accounts no mark of their creation. */
  sighting: Sighting | null;
}

/** What an attempt brought. */
export type AttemptResult =
  | ({ kind: 'PROBE' } & Probed)
  | { kind: 'SUSPEND' | 'RESTORE' | 'PREPARE' }
  | { kind: 'DELETE'; deletion: Deletion }
  | { kind: 'VERIFY'; sighting: Sighting }
  | { kind: AttemptKind; error: ProviderError };

/** What a task's next step depends on besides the task itself. */
export interface Terms {
  manifest: Manifest;
  /** Whether the integration has something to undo before the delete. */
  prepares: boolean;
  cancelRequested: boolean;
  /** When the erasure may begin to delete; null: at once. */
  scheduledFor: Date | null;
  now: Date;
  /** Waits in ms before the second, third … try. As many tries may fail as there are waits, and one more. */
  retryWaitsMs: readonly number[];
  /** Spreads retries over time: a share between 0 and 1. */
  random(): number;
}

export type TaskChange = Partial<Omit<Task, 'id' | 'erasureId'>>;

const MESSAGES: Partial<Record<TaskErrorCode, string>> = {
  RECREATED: 'The account that is there now is not, or may not be, the one that was to be deleted.',
  APPEARED_AFTER_PLAN: 'An account appeared after the plan had seen none.',
  LINKED_TO_ANOTHER_CUSTOMER: "The account is another customer's.",
  PROTECTED: 'The configuration lists the account among those that are never deleted.',
  AMBIGUOUS: 'Several accounts answer to the key, and nothing says which of them is the customer.',
  STILL_PRESENT: 'The provider was asked to delete the account, and the account is still there.',
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

const AT_ONCE = { waitingReason: null, notBefore: null } as const;

/** Lets a task come back later. Nothing was sent, so nothing else about it changes. */
export const postpone = ({ postponedBy, until }: Postponement): TaskChange => ({
  state: 'RUNNING',
  waitingReason: WAITING_FOR[postponedBy],
  notBefore: until,
});

/** Ends a task for a reason of the gateway's own. */
export const giveUp = (state: TaskState, errorCode: TaskErrorCode): TaskChange => ({
  ...AT_ONCE,
  state,
  errorCode,
  errorMessage: MESSAGES[errorCode] ?? null,
});

export const succeed = (verdict: Verdict, outcome: Outcome | null): TaskChange => ({
  ...AT_ONCE,
  state: 'SUCCEEDED',
  verdict,
  outcome,
});

/** Leaves a task to a person. `doubted` is the account that the person has to judge, where it is one. */
export const needReview = (errorCode: TaskErrorCode, doubted: Account | null = null): TaskChange => ({
  ...giveUp('RUNNING', errorCode),
  waitingReason: 'NEEDS_REVIEW',
  doubted,
});

export const after = (now: Date, ms: number): Date => new Date(now.getTime() + ms);

/** Whether the provider has a way to look for what the task is about. */
export const canBeAsked = (task: Pick<Task, 'account' | 'key'>, manifest: Manifest): boolean => {
  const kind = task.account ? manifest.externalIdKind : task.key!.kind;
  return manifest.keys.some((rule) => rule.kind === kind);
};
