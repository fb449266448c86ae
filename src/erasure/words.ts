export const ERASURE_STATES = [
  'AWAITING_APPROVAL',
  'SCHEDULED',
  'RUNNING',
  'VERIFYING',
  'COMPLETED',
  'COMPLETED_WITH_EXCEPTIONS',
  'PARTIAL',
  'FAILED',
  'CANCELED',
  'DENIED',
] as const;
export type ErasureState = (typeof ERASURE_STATES)[number];

export const TASK_STATES = ['PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'BLOCKED', 'CANCELED'] as const;
export type TaskState = (typeof TASK_STATES)[number];

export const OUTCOMES = [
  'DELETED',
  'REDACTED',
  'SOFT_DELETED',
  'ALREADY_ABSENT',
  'ABSENT_UNEXPECTEDLY',
  'DELETED_INFERRED',
  'RETAINED',
  'REFUSED',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What a deletion comes to, by what the provider leaves behind. */
export const OUTCOME_OF = {
  REMOVED: 'DELETED',
  REDACTED: 'REDACTED',
  SOFT_DELETED: 'SOFT_DELETED',
} as const satisfies Record<string, Outcome>;

export const VERDICTS = [
  'VERIFIED_ABSENT',
  'VERIFIED_REDACTED',
  'STILL_PRESENT',
  'UNVERIFIABLE',
  'REAPPEARED',
] as const;
export type Verdict = (typeof VERDICTS)[number];

export const WAITING_REASONS = [
  'RATE_LIMIT',
  'CIRCUIT',
  'BACKOFF',
  'VERIFICATION',
  'APPROVAL',
  'COOL_OFF',
  'HOLD',
  'NEEDS_REVIEW',
] as const;
export type WaitingReason = (typeof WAITING_REASONS)[number];

/** What the plan saw at an integration. */
export const PRESENCES = ['FOUND', 'ABSENT', 'UNREACHABLE', 'UNCONFIRMED', 'NOT_LINKED'] as const;
export type Presence = (typeof PRESENCES)[number];

/** What one attempt does. */
export const ATTEMPT_KINDS = ['PROBE', 'SUSPEND', 'RESTORE', 'PREPARE', 'DELETE', 'VERIFY'] as const;
export type AttemptKind = (typeof ATTEMPT_KINDS)[number];

/** What an operator decides about a task that did not do its part, or that nobody but a person can judge. */
export const RESOLUTIONS = ['RETRY', 'DELETE', 'SKIP', 'DONE_BY_HAND'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

const SETTLED: ReadonlySet<TaskState> = new Set(['SUCCEEDED', 'FAILED', 'BLOCKED', 'CANCELED']);

/** A task that did not succeed goes on when somebody asks for it, or ends as a person says. */
const TASK_CHANGES: Record<TaskState, readonly TaskState[]> = {
  PENDING: ['RUNNING', 'BLOCKED', 'CANCELED', 'FAILED'],
  RUNNING: ['SUCCEEDED', 'FAILED', 'BLOCKED', 'CANCELED'],
  SUCCEEDED: [],
  FAILED: ['RUNNING', 'BLOCKED', 'SUCCEEDED'],
  BLOCKED: ['RUNNING', 'SUCCEEDED', 'FAILED'],
  CANCELED: ['RUNNING', 'BLOCKED', 'SUCCEEDED', 'FAILED'],
};

const ENDS: readonly ErasureState[] = [
  'COMPLETED',
  'COMPLETED_WITH_EXCEPTIONS',
  'PARTIAL',
  'FAILED',
  'CANCELED',
];

/** `PARTIAL` and `FAILED` go on when somebody asks for what is left. */
const ERASURE_CHANGES: Record<ErasureState, readonly ErasureState[]> = {
  AWAITING_APPROVAL: ['SCHEDULED', 'DENIED', 'CANCELED', 'FAILED'],
  SCHEDULED: ['RUNNING', 'AWAITING_APPROVAL', 'CANCELED', 'FAILED'],
  RUNNING: ['VERIFYING', ...ENDS],
  VERIFYING: ['RUNNING', ...ENDS],
  COMPLETED: ['COMPLETED_WITH_EXCEPTIONS'], // an account has re-appeared
  COMPLETED_WITH_EXCEPTIONS: [],
  PARTIAL: ['RUNNING'],
  FAILED: ['RUNNING'],
  CANCELED: [],
  DENIED: [],
};

export const mayTaskBecome = (from: TaskState, to: TaskState): boolean =>
  from === to || TASK_CHANGES[from].includes(to);

export const mayErasureBecome = (from: ErasureState, to: ErasureState): boolean =>
  ERASURE_CHANGES[from].includes(to);

export const isFinished = (state: ErasureState): boolean => state === 'DENIED' || ENDS.includes(state);

/** Whether what the erasure left undone can still be done in it. */
export const canReopen = (state: ErasureState): boolean => state === 'PARTIAL' || state === 'FAILED';

export const isSettled = (state: TaskState): boolean => SETTLED.has(state);
