import type { ErasureState, TaskState } from '../../src/erasure/words.ts';

type Allowed<State extends string> = Record<State, Partial<Record<State, string>>>;

/** Every change of an erasure's state that may happen, and when it does. What is not here may not happen. */
export const ERASURE_CHANGES: Allowed<ErasureState> = {
  AWAITING_APPROVAL: {
    SCHEDULED: 'somebody else approved it',
    DENIED: 'somebody else said no, or nobody said anything in time',
    CANCELED: 'it was called off while it waited',
    FAILED: 'it was denied or called off, and an account that was suspended could not be restored',
  },
  SCHEDULED: {
    RUNNING: 'the first step is taken that is more than a preparation',
    AWAITING_APPROVAL: 'its time came, and what is there now is not what was agreed to',
    CANCELED: 'it was called off before it began',
    FAILED: 'a hold, or a lost authority, forbade it before it began',
  },
  RUNNING: {
    VERIFYING: 'every provider was asked',
    COMPLETED: 'the last task succeeded, and all are verified',
    COMPLETED_WITH_EXCEPTIONS: 'the last task succeeded, and some cannot be verified',
    PARTIAL: 'the last task ended, and something is gone and something is not',
    FAILED: 'the last task ended, and nothing is gone',
    CANCELED: 'it was called off before anything was gone',
  },
  VERIFYING: {
    RUNNING: 'there is more to ask than was thought',
    COMPLETED: 'the last look showed that all is gone',
    COMPLETED_WITH_EXCEPTIONS: 'the last look showed that something reappeared, or nothing',
    PARTIAL: 'the last look showed an account, and others are gone',
    FAILED: 'the last look showed an account, and nothing else was deleted',
    CANCELED: 'the last look showed an account, and what was left was called off',
  },
  COMPLETED: { COMPLETED_WITH_EXCEPTIONS: 'an account has re-appeared' },
  COMPLETED_WITH_EXCEPTIONS: {},
  PARTIAL: { RUNNING: 'somebody asks for what is left' },
  FAILED: { RUNNING: 'somebody asks for it again' },
  CANCELED: {},
  DENIED: {},
};

/** Every change of a task's state that may happen, and when it does. */
export const TASK_CHANGES: Allowed<TaskState> = {
  PENDING: {
    RUNNING: 'its first attempt began, or has to wait its turn',
    BLOCKED: 'the gateway will not ask: a hold, another owner, a refusal elsewhere',
    CANCELED: 'the erasure was called off, or not approved',
    FAILED: 'its integration is gone',
  },
  RUNNING: {
    SUCCEEDED: 'the account is gone, or there was none',
    FAILED: 'the provider did not delete, or it could not be found out',
    BLOCKED: 'the gateway will not ask any more, or a person said to leave it',
    CANCELED: 'the erasure was called off',
  },
  SUCCEEDED: {},
  FAILED: {
    RUNNING: 'somebody asks for it again',
    BLOCKED: 'a person says to leave it',
    SUCCEEDED: 'a person did it by hand, and nobody can look',
  },
  BLOCKED: {
    RUNNING: 'somebody asks for it again',
    SUCCEEDED: 'a person did it by hand, and nobody can look',
    FAILED: 'a person says to leave it, and a lost delete may have done its work; or its integration is gone',
  },
  CANCELED: {
    RUNNING: 'somebody asks for what was called off',
    BLOCKED: 'a person says to leave it',
    SUCCEEDED: 'a person did it by hand, and nobody can look',
    FAILED: 'a person says to leave it, and a lost delete may have done its work; or its integration is gone',
  },
};
