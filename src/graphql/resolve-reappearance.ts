import {
  AccountLinkedError,
  AccountNotFoundError,
  IntegrationFailedError,
  InvalidInputError,
} from '../customer/errors.ts';
import { ErasureCapError } from '../erasure/cap.ts';
import { ErasureAlreadyOpenError, ErasureBlockedError } from '../erasure/errors.ts';
import { dismissReappearance } from '../erasure/reappearance/dismiss.ts';
import { eraseAgain } from '../erasure/reappearance/erase-again.ts';
import { ReappearanceNotFoundError, ReappearanceResolvedError } from '../erasure/reappearance/errors.ts';
import { reappearanceById, type Reappearance } from '../erasure/reappearance/reappearance.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { ErrorInterface } from './errors.ts';
import { UUID } from './ids.ts';
import { ReappearanceType } from './reappearance.ts';
import { badInput } from './refusals.ts';

const ResolveReappearanceInput = builder.inputType('ResolveReappearanceInput', {
  description: 'Which re-appearance is resolved, and why.',
  fields: (t) => ({
    reappearanceId: t.id({
      required: true,
      description: 'Id of the re-appearance, as `reappearances` lists it.',
    }),
    reason: t.string({
      required: true,
      description: 'Why, 1 to 500 characters. It is kept in the audit log: name no person in it.',
    }),
  }),
});

const ReappearancePayload = builder
  .objectRef<{ reappearance: Reappearance }>('ReappearancePayload')
  .implement({
    description: 'The re-appearance as it is now.',
    fields: (t) => ({
      reappearance: t.field({
        type: ReappearanceType,
        description: 'The re-appearance, with what came of it.',
        resolve: ({ reappearance }) => reappearance,
      }),
    }),
  });

async function load({ parts, known }: Context, id: string): Promise<Reappearance> {
  const reappearance = await reappearanceById(parts.store, known(), id);
  if (!reappearance) throw new Error('a re-appearance is gone');
  return reappearance;
}

function checkedId(id: string): string {
  if (!UUID.test(id)) throw badInput('This is not the id of a re-appearance.');
  return id;
}

builder.objectType(ReappearanceNotFoundError, {
  name: 'ReappearanceNotFoundError',
  description: 'There is no such re-appearance, or it is of a customer that is not yours.',
  interfaces: [ErrorInterface],
});

builder.objectType(ReappearanceResolvedError, {
  name: 'ReappearanceResolvedError',
  description: 'Something came of the re-appearance before.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    reappearance: t.field({
      type: ReappearanceType,
      description: 'The re-appearance, with what came of it.',
      resolve: ({ reappearanceId }, _args, context) => load(context, reappearanceId),
    }),
  }),
});

builder.mutationFields((t) => ({
  eraseAgain: t.field({
    type: ReappearancePayload,
    description:
      'Erases an account that has re-appeared: registers it as a customer again, and asks for an erasure of that customer, to which all guards apply.',
    args: {
      input: t.arg({ type: ResolveReappearanceInput, required: true, description: 'Which, and why.' }),
    },
    errors: {
      types: [
        ReappearanceNotFoundError,
        ReappearanceResolvedError,
        AccountNotFoundError,
        AccountLinkedError,
        IntegrationFailedError,
        ErasureBlockedError,
        ErasureCapError,
        ErasureAlreadyOpenError,
        InvalidInputError,
      ],
      union: { name: 'EraseAgainResult', description: 'The erasure, or why there is none.' },
    },
    resolve: async (_root, { input }, context) => {
      const { erasures, engine } = context.parts;
      const id = checkedId(input.reappearanceId);
      const by = { ...context.caller(), reader: context.accounts('FRESH') };
      await eraseAgain(erasures, engine, by, { reappearanceId: id, reason: input.reason });
      return { reappearance: await load(context, id) };
    },
  }),
  dismissReappearance: t.field({
    type: ReappearancePayload,
    description: 'Leaves an account that has re-appeared as it is. It is not raised again.',
    args: {
      input: t.arg({ type: ResolveReappearanceInput, required: true, description: 'Which, and why.' }),
    },
    errors: {
      types: [ReappearanceNotFoundError, ReappearanceResolvedError, InvalidInputError],
      union: { name: 'DismissReappearanceResult', description: 'The re-appearance, or why it is open.' },
    },
    resolve: async (_root, { input: { reappearanceId, reason } }, context) => {
      const id = checkedId(reappearanceId);
      await dismissReappearance(context.parts.erasures, context.caller(), { reappearanceId: id, reason });
      return { reappearance: await load(context, id) };
    },
  }),
}));
