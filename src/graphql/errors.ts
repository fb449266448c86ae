import { CustomerNotFoundError } from '../customer/customer.ts';
import { ErasureCapError } from '../erasure/cap.ts';
import { InvalidInputError, type InputIssue } from '../customer/errors.ts';
import {
  ErasureAlreadyOpenError,
  ErasureBlockedError,
  ErasureFinishedError,
  ErasureNotFoundError,
  IdempotencyConflictError,
  PlanChangedError,
  PlanExpiredError,
} from '../erasure/errors.ts';
import { builder } from './builder.ts';
import { ErasureType, loadErasure } from './erasure.ts';
import { IntegrationType } from './integration.ts';
import { BlockerType, PlanType } from './plan.ts';
import { PLAN_CHANGES, type PlanChange } from '../erasure/plan-hash.ts';

export const ErrorInterface = builder.interfaceRef<Error>('Error').implement({
  description:
    'Something that a client can act on. The type says what; all others that may come implement this, too.',
  fields: (t) => ({
    message: t.exposeString('message', {
      description: 'What is wrong, in a sentence for people. Programs go by the type.',
    }),
  }),
});

builder.objectType(CustomerNotFoundError, {
  name: 'CustomerNotFoundError',
  description: 'There is no such customer, or it is not yours.',
  interfaces: [ErrorInterface],
});

builder.objectType(ErasureNotFoundError, {
  name: 'ErasureNotFoundError',
  description: 'There is no such erasure, or it is of a customer that is not yours.',
  interfaces: [ErrorInterface],
});

/** An error that shows the erasure that it is about. */
export function erasureErrorType(
  error: new (erasureId: string) => Error & { erasureId: string },
  name: string,
  description: string,
): void {
  builder.objectType(error, {
    name,
    description,
    interfaces: [ErrorInterface],
    fields: (t) => ({
      erasure: t.field({
        type: ErasureType,
        description: 'The erasure as it stands.',
        resolve: ({ erasureId }, _args, context) => loadErasure(context, erasureId),
      }),
    }),
  });
}

erasureErrorType(
  ErasureAlreadyOpenError,
  'ErasureAlreadyOpenError',
  'An erasure of the customer has not ended.',
);

erasureErrorType(
  ErasureFinishedError,
  'ErasureFinishedError',
  'The erasure has ended; there is nothing left to stop.',
);

builder.objectType(IdempotencyConflictError, {
  name: 'IdempotencyConflictError',
  description: 'The idempotency key was used before, for another input.',
  interfaces: [ErrorInterface],
});

builder.objectType(ErasureBlockedError, {
  name: 'ErasureBlockedError',
  description: 'The plan forbids the deletion; nothing was deleted.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    blockers: t.field({
      type: [BlockerType],
      description: 'What forbids it.',
      resolve: ({ blockers }) => [...blockers],
    }),
  }),
});

const PlanChangeKindType = builder.enumType('PlanChangeKind', {
  description: 'How a fresh look differs from a plan.',
  values: {
    APPEARED: { description: 'An account, or an integration, that the plan did not see.' },
    GONE: { description: 'The plan saw an account that is not there now, or is another one.' },
    PRESENCE: { description: 'It could be asked then and not now, or the other way round.' },
    SIDE_EFFECTS: { description: 'The deletion would concern other things, or more or fewer of them.' },
    BLOCKERS: { description: 'Other reasons forbid the deletion.' },
  } satisfies Record<(typeof PLAN_CHANGES)[number], object>,
});

const PlanChangeType = builder.objectRef<PlanChange>('PlanChange').implement({
  description: 'One difference between a plan and what is there now.',
  fields: (t) => ({
    integration: t.field({
      type: IntegrationType,
      nullable: true,
      description: 'Where; null when the integration is no longer configured.',
      resolve: ({ integrationId }, _args, context) => context.integration(integrationId),
    }),
    kind: t.field({
      type: PlanChangeKindType,
      description: 'How the two differ, for programs.',
      resolve: ({ change }) => change,
    }),
    message: t.exposeString('message', { description: 'What it is, in words.' }),
  }),
});

builder.objectType(PlanChangedError, {
  name: 'PlanChangedError',
  description: 'What is there now is not what the plan saw; nothing was deleted.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    changes: t.field({
      type: [PlanChangeType],
      description: 'What has changed.',
      resolve: ({ changes }) => [...changes],
    }),
    plan: t.field({
      type: PlanType,
      description: 'The plan as it would be now.',
      resolve: ({ plan }) => plan,
    }),
  }),
});

builder.objectType(ErasureCapError, {
  name: 'ErasureCapError',
  description: 'So many customers may not be deleted in so little time; nothing was deleted.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    retryAt: t.expose('retryAt', {
      type: 'DateTime',
      description: 'When there is room again, as far as is known.',
    }),
  }),
});

builder.objectType(PlanExpiredError, {
  name: 'PlanExpiredError',
  description: 'The plan has expired, or is not one of this customer; nothing was deleted.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    plan: t.field({
      type: PlanType,
      description: 'The plan as it would be now.',
      resolve: ({ plan }) => plan,
    }),
  }),
});

const InputIssueType = builder.objectRef<InputIssue>('InputIssue').implement({
  description: 'One thing wrong with an input.',
  fields: (t) => ({
    path: t.exposeString('path', {
      description: 'The field of the input, such as `reason` or `filter.managerId`.',
    }),
    message: t.exposeString('message', { description: 'What is wrong with it, in a sentence for people.' }),
  }),
});

builder.objectType(InvalidInputError, {
  name: 'InvalidInputError',
  description: 'The input has the right types and cannot be accepted.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    issues: t.field({
      type: [InputIssueType],
      description: 'Everything that is wrong, at once.',
      resolve: ({ issues }) => [...issues],
    }),
  }),
});
