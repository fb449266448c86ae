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
] as const;
export type WaitingReason = (typeof WAITING_REASONS)[number];

/** What the plan saw at an integration. */
export const PRESENCES = ['FOUND', 'ABSENT', 'UNREACHABLE', 'UNCONFIRMED', 'NOT_LINKED'] as const;
export type Presence = (typeof PRESENCES)[number];

/** What one attempt does. */
export const ATTEMPT_KINDS = ['PROBE', 'PREPARE', 'DELETE', 'VERIFY'] as const;
export type AttemptKind = (typeof ATTEMPT_KINDS)[number];

const TASK_CHANGES: Record<TaskState, readonly TaskState[]> = {
  PENDING: ['RUNNING', 'BLOCKED', 'CANCELED', 'FAILED'],
  RUNNING: ['SUCCEEDED', 'FAILED', 'BLOCKED', 'CANCELED'],
  SUCCEEDED: [],
  FAILED: [],
  BLOCKED: [],
  CANCELED: [],
};

const FINISHED: readonly ErasureState[] = [
  'COMPLETED',
  'COMPLETED_WITH_EXCEPTIONS',
  'PARTIAL',
  'FAILED',
  'CANCELED',
];

const ERASURE_CHANGES: Record<ErasureState, readonly ErasureState[]> = {
  AWAITING_APPROVAL: ['SCHEDULED', 'DENIED', 'CANCELED'],
  SCHEDULED: ['RUNNING', 'CANCELED'],
  RUNNING: ['VERIFYING', ...FINISHED],
  VERIFYING: ['RUNNING', ...FINISHED],
  COMPLETED: ['COMPLETED_WITH_EXCEPTIONS'], // an account has re-appeared
  COMPLETED_WITH_EXCEPTIONS: [],
  PARTIAL: [],
  FAILED: [],
  CANCELED: [],
  DENIED: [],
};

export const mayTaskBecome = (from: TaskState, to: TaskState): boolean =>
  from === to || TASK_CHANGES[from].includes(to);

export const mayErasureBecome = (from: ErasureState, to: ErasureState): boolean =>
  ERASURE_CHANGES[from].includes(to);

export const isFinished = (state: ErasureState): boolean => state === 'DENIED' || FINISHED.includes(state);

export const isSettled = (state: TaskState): boolean => TASK_CHANGES[state].length === 0;
