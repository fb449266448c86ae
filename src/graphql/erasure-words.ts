import {
  RESOLUTIONS,
  type AttemptKind,
  type ErasureState,
  type Outcome,
  type TaskState,
  type Verdict,
  type WaitingReason,
} from '../erasure/words.ts';
import { builder } from './builder.ts';

type Values<Word extends string> = Record<Word, { description: string }>;

const erasureStates: Values<ErasureState> = {
  AWAITING_APPROVAL: { description: 'Somebody else has to approve it first.' },
  SCHEDULED: { description: 'It has not begun, and begins at once or at its time.' },
  RUNNING: { description: 'Providers are being asked to delete.' },
  VERIFYING: { description: 'Every provider was asked; it is being looked whether the accounts are gone.' },
  COMPLETED: { description: 'Every task succeeded and was verified.' },
  COMPLETED_WITH_EXCEPTIONS: {
    description: 'Every task succeeded, and some could not be verified or reappeared.',
  },
  PARTIAL: { description: 'Something is gone and something is not; the tasks say what.' },
  FAILED: { description: 'Nothing was deleted.' },
  CANCELED: { description: 'It was stopped before anything was deleted.' },
  DENIED: { description: 'It was not approved, or not in time. Nothing was deleted.' },
};
export const ErasureStateType = builder.enumType('ErasureState', {
  description: 'Where an erasure stands.',
  values: erasureStates,
});

const taskStates: Values<TaskState> = {
  PENDING: { description: 'Nothing was tried.' },
  RUNNING: { description: 'It was begun and goes on, perhaps after a wait.' },
  SUCCEEDED: { description: 'The account is gone, or there was none; outcome and verdict say which.' },
  FAILED: { description: 'The provider did not delete, or it could not be found out.' },
  BLOCKED: { description: 'The gateway did not ask the provider to delete.' },
  CANCELED: { description: 'It was stopped before the provider was asked to delete.' },
};
export const TaskStateType = builder.enumType('TaskState', {
  description: 'Where a task stands.',
  values: taskStates,
});

const outcomes: Values<Outcome> = {
  DELETED: { description: 'The provider deleted the account.' },
  REDACTED: { description: 'Everything personal was removed; a record stays.' },
  SOFT_DELETED: { description: 'The account was marked as deleted; the record stays.' },
  ALREADY_ABSENT: {
    description: 'There was no account before, and none at the delete. Nothing was deleted.',
  },
  ABSENT_UNEXPECTEDLY: { description: 'The plan saw an account, and at the delete it was gone.' },
  DELETED_INFERRED: { description: "The delete's answer was lost, and afterwards the account was gone." },
  RETAINED: { description: 'The account is kept, on a ground that the task names.' },
  REFUSED: { description: 'The provider refused; its reason is with the task.' },
};
export const OutcomeType = builder.enumType('Outcome', {
  description: 'What a deletion at one integration came to.',
  values: outcomes,
});

const verdicts: Values<Verdict> = {
  VERIFIED_ABSENT: { description: 'Looked: it is gone.' },
  VERIFIED_REDACTED: { description: 'Looked: nothing personal is left.' },
  STILL_PRESENT: { description: 'Looked until the deadline: it is still there, whatever the provider said.' },
  UNVERIFIABLE: { description: 'The provider has no way to look, or its answers do not tell.' },
  REAPPEARED: { description: 'Looked: it is gone, and another account has taken its place.' },
};
export const VerdictType = builder.enumType('Verdict', {
  description: 'What reading back after the delete showed.',
  values: verdicts,
});

const waitingReasons: Values<WaitingReason> = {
  RATE_LIMIT: { description: 'The provider asked to come back later.' },
  CIRCUIT: { description: 'The integration fails so often that it is left alone for a while.' },
  BACKOFF: { description: 'A try failed; the next follows after a pause.' },
  VERIFICATION: { description: 'The provider takes its time; the next look follows after a pause.' },
  APPROVAL: { description: 'Somebody has to approve.' },
  COOL_OFF: { description: 'The time in which it can still be called off.' },
  HOLD: { description: 'The customer must not be deleted at present.' },
  NEEDS_REVIEW: {
    description: 'Only a person can tell what to do: `resolveTask`. The error code says what is in doubt.',
  },
};
export const WaitingReasonType = builder.enumType('WaitingReason', {
  description: 'Why a task does nothing at the moment.',
  values: waitingReasons,
});

const attemptKinds: Values<AttemptKind> = {
  PROBE: { description: 'A look whether, and as what, the account is there.' },
  SUSPEND: { description: 'Shutting the account until it is deleted, in a way that can be undone.' },
  RESTORE: { description: 'Undoing the suspension.' },
  PREPARE: { description: 'What has to be undone before the delete, such as unclaiming devices.' },
  DELETE: { description: 'The delete itself.' },
  VERIFY: { description: 'A look whether the account is gone.' },
};
export const AttemptKindType = builder.enumType('AttemptKind', {
  description: 'What an attempt does.',
  values: attemptKinds,
});

export const ResolutionType = builder.enumType('Resolution', {
  description: 'What a person decides about a task.',
  values: {
    RETRY: { description: 'Look again, and delete what the plan meant if it is there.' },
    DELETE: { description: 'Delete the account in doubt, as it was seen, and no other.' },
    SKIP: {
      description:
        'Leave it. The task ends as `RETAINED`, or as unknown where a delete may have done its work.',
    },
    DONE_BY_HAND: { description: 'It was deleted by hand. Believed only as far as nobody can look.' },
  } satisfies Record<(typeof RESOLUTIONS)[number], object>,
});
