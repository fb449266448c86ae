import { InvalidInputError } from '../customer/errors.ts';
import { approveErasure } from '../erasure/approve.ts';
import { denyErasure } from '../erasure/deny.ts';
import {
  ErasureBlockedError,
  ErasureNotFoundError,
  NotAwaitingApprovalError,
  OwnRequestError,
  PlanChangedError,
  PlanExpiredError,
} from '../erasure/errors.ts';
import type { Erasure } from '../erasure/erasure.ts';
import { builder } from './builder.ts';
import { requesterOf } from './delete-customer.ts';
import { ErasureType, loadErasure } from './erasure.ts';
import { erasureErrorType, ErrorInterface } from './errors.ts';
import { decodeId } from './ids.ts';

builder.objectType(OwnRequestError, {
  name: 'OwnRequestError',
  description: 'Somebody else than the requester has to decide.',
  interfaces: [ErrorInterface],
});

erasureErrorType(
  NotAwaitingApprovalError,
  'NotAwaitingApprovalError',
  'Nobody has to approve the erasure, or not any more.',
);

const erasureId = {
  required: true,
  description: 'Id of the erasure, as `erasure { id }` gives it.',
} as const;

const ApproveErasureInput = builder.inputType('ApproveErasureInput', {
  description: 'Which erasure may go on, and what its approver has seen.',
  fields: (t) => ({
    erasureId: t.id(erasureId),
    planHash: t.string({
      required: true,
      description: 'Hash of the plan that the approver has looked at: `erasure { plan { hash } }`.',
    }),
  }),
});

const DenyErasureInput = builder.inputType('DenyErasureInput', {
  description: 'Which erasure shall not run, and why.',
  fields: (t) => ({
    erasureId: t.id(erasureId),
    reason: t.string({
      required: true,
      description: 'Why, 1 to 500 characters. It is kept in the audit log: name no person in it.',
    }),
  }),
});

const DecisionPayload = builder.objectRef<{ erasure: Erasure }>('ErasureDecisionPayload').implement({
  description: 'What was decided.',
  fields: (t) => ({
    erasure: t.field({
      type: ErasureType,
      description: 'The erasure after the decision.',
      resolve: ({ erasure }) => erasure,
    }),
  }),
});

builder.mutationFields((t) => ({
  approveErasure: t.field({
    type: DecisionPayload,
    description:
      'Lets an erasure go on that somebody else has asked for. It is looked again before it begins.',
    args: {
      input: t.arg({
        type: ApproveErasureInput,
        required: true,
        description: 'Which erasure, by which look.',
      }),
    },
    errors: {
      types: [
        ErasureNotFoundError,
        NotAwaitingApprovalError,
        OwnRequestError,
        ErasureBlockedError,
        PlanChangedError,
        PlanExpiredError,
      ],
      union: {
        name: 'ApproveErasureResult',
        description: 'The approved erasure, or why it is not approved.',
      },
    },
    resolve: async (_root, { input }, context) => {
      const { erasures, engine } = context.parts;
      const wanted = { erasureId: decodeId('Erasure', input.erasureId), planHash: input.planHash };
      await approveErasure(erasures, engine, requesterOf(context), wanted);
      return { erasure: await loadErasure(context, wanted.erasureId) };
    },
  }),
  denyErasure: t.field({
    type: DecisionPayload,
    description: 'Says no to an erasure that somebody else has asked for. Nothing is deleted.',
    args: { input: t.arg({ type: DenyErasureInput, required: true, description: 'Which, and why.' }) },
    errors: {
      types: [ErasureNotFoundError, NotAwaitingApprovalError, OwnRequestError, InvalidInputError],
      union: { name: 'DenyErasureResult', description: 'The denied erasure, or why it is not denied.' },
    },
    resolve: async (_root, { input }, context) => {
      const { erasures, engine } = context.parts;
      const wanted = { erasureId: decodeId('Erasure', input.erasureId), reason: input.reason };
      await denyErasure(erasures, engine, context.caller(), wanted);
      return { erasure: await loadErasure(context, wanted.erasureId) };
    },
  }),
}));
