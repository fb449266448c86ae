import { CustomerNotFoundError } from '../customer/customer.ts';
import { InvalidInputError } from '../customer/errors.ts';
import { ErasureCapError } from '../erasure/cap.ts';
import { cancelErasure } from '../erasure/cancel.ts';
import {
  ErasureAlreadyOpenError,
  ErasureBlockedError,
  ErasureFinishedError,
  ErasureNotFoundError,
  IdempotencyConflictError,
  PlanChangedError,
  PlanExpiredError,
} from '../erasure/errors.ts';
import type { Erasure } from '../erasure/erasure.ts';
import type { Requester } from '../erasure/open.ts';
import { requestErasure } from '../erasure/request.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { ErasureType, loadErasure } from './erasure.ts';
import { decodeId } from './ids.ts';

const DeleteCustomerInput = builder.inputType('DeleteCustomerInput', {
  description: 'Which customer to delete, and why.',
  fields: (t) => ({
    customerId: t.id({ required: true, description: 'Id of the customer, as `customer { id }` gives it.' }),
    reason: t.string({
      required: true,
      description:
        'Why, 1 to 500 characters. It is kept in the audit log and in the receipt: refused when it holds an e-mail address, the name of the customer or an id of their accounts.',
    }),
    idempotencyKey: t.string({
      required: false,
      description:
        'Of your choice, 1 to 255 printable ASCII characters without spaces. Sending the same key and input again answers the same erasure.',
    }),
    planHash: t.string({
      required: false,
      description:
        'Hash of the plan that this was decided by, for the same integrations. Refused when a fresh look differs from it. Without it: whatever the look of this moment allows.',
    }),
    scheduledFor: t.field({
      type: 'DateTime',
      required: false,
      description:
        'Not before this time, within 90 days. Until then it can be called off. It is looked again before it begins. Without it: at once, or after the time that the gateway leaves to call it off.',
    }),
    suspendMeanwhile: t.boolean({
      defaultValue: false,
      description:
        'Whether the accounts are suspended until then, where the provider can undo that. Calling off restores them.',
    }),
    overrideReason: t.string({
      required: false,
      description:
        'Why this one deletion is not held to the caps, 1 to 500 characters. Needs the scope `guards:override`; it is kept in the audit log. Without it: the caps hold.',
    }),
    integrationIds: t.idList({
      required: false,
      description: 'Delete only at these integrations, 1 to 100. Without it: everywhere.',
    }),
  }),
});

/** The caller, with what it takes to look at providers now. */
export const requesterOf = (context: Context): Requester => ({
  viewer: context.known(),
  reader: context.accounts('FRESH'),
  requestId: context.requestId,
  signal: context.deadline(),
});

const DeleteCustomerPayload = builder.objectRef<{ erasure: Erasure }>('DeleteCustomerPayload').implement({
  description: 'The deletion was accepted and is carried out whatever happens to the gateway.',
  fields: (t) => ({
    erasure: t.field({ type: ErasureType, description: 'The deletion.', resolve: ({ erasure }) => erasure }),
  }),
});

const CancelErasureInput = builder.inputType('CancelErasureInput', {
  description: 'Which erasure to stop, and why.',
  fields: (t) => ({
    erasureId: t.id({ required: true, description: 'Id of the erasure, as `erasure { id }` gives it.' }),
    reason: t.string({
      required: true,
      description: 'Why, 1 to 500 characters. It is kept in the audit log.',
    }),
  }),
});

const CancelErasurePayload = builder.objectRef<{ erasure: Erasure }>('CancelErasurePayload').implement({
  description:
    'The erasure stops: before the point of no return nothing is deleted, after it what is left is not.',
  fields: (t) => ({
    erasure: t.field({
      type: ErasureType,
      description: 'The erasure, which stops or has stopped.',
      resolve: ({ erasure }) => erasure,
    }),
  }),
});

builder.mutationFields((t) => ({
  deleteCustomer: t.field({
    type: DeleteCustomerPayload,
    description: 'Deletes a customer everywhere, or at chosen integrations. Irreversible.',
    args: {
      input: t.arg({ type: DeleteCustomerInput, required: true, description: 'Which customer, and why.' }),
    },
    errors: {
      types: [
        CustomerNotFoundError,
        ErasureBlockedError,
        PlanChangedError,
        PlanExpiredError,
        ErasureCapError,
        ErasureAlreadyOpenError,
        IdempotencyConflictError,
        InvalidInputError,
      ],
      union: {
        name: 'DeleteCustomerResult',
        description: 'The accepted deletion, or why it was not accepted.',
      },
    },
    resolve: async (_root, { input }, context) => {
      const { parts } = context;
      const request = {
        customerId: decodeId('Customer', input.customerId),
        reason: input.reason,
        idempotencyKey: input.idempotencyKey ?? null,
        integrationIds: input.integrationIds ?? null,
        planHash: input.planHash ?? null,
        overrideReason: input.overrideReason ?? null,
        scheduledFor: input.scheduledFor ?? null,
        suspends: input.suspendMeanwhile ?? false,
        approvedBy: null,
      };
      const id = await requestErasure(parts.erasures, parts.engine, requesterOf(context), request);
      return { erasure: await loadErasure(context, id) };
    },
  }),
  cancelErasure: t.field({
    type: CancelErasurePayload,
    description: 'Asks an erasure to stop.',
    args: {
      input: t.arg({ type: CancelErasureInput, required: true, description: 'Which erasure, and why.' }),
    },
    errors: {
      types: [ErasureNotFoundError, ErasureFinishedError, InvalidInputError],
      union: {
        name: 'CancelErasureResult',
        description: 'The stopping erasure, or why it cannot be stopped.',
      },
    },
    resolve: async (_root, { input }, context) => {
      const { parts, requestId } = context;
      const viewer = context.known();
      const erasureId = decodeId('Erasure', input.erasureId);
      await cancelErasure(
        parts.erasures,
        parts.engine,
        { viewer, requestId },
        { erasureId, reason: input.reason },
      );
      return { erasure: await loadErasure(context, erasureId) };
    },
  }),
}));
