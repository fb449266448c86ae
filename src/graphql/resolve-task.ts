import { InvalidInputError } from '../customer/errors.ts';
import {
  ErasureAlreadyOpenError,
  ErasureNotFoundError,
  NothingToResolveError,
  TaskNotFoundError,
} from '../erasure/errors.ts';
import type { Erasure } from '../erasure/erasure.ts';
import { resolveTask, retryErasure } from '../erasure/resolve.ts';
import { builder } from './builder.ts';
import { ErasureType, loadErasure } from './erasure.ts';
import { ResolutionType } from './erasure-words.ts';
import { erasureErrorType, ErrorInterface } from './errors.ts';
import { decodeId, UUID } from './ids.ts';
import { badInput } from './refusals.ts';

builder.objectType(TaskNotFoundError, {
  name: 'TaskNotFoundError',
  description: 'There is no such task, or it is of a customer that is not yours.',
  interfaces: [ErrorInterface],
});

erasureErrorType(
  NothingToResolveError,
  'NothingToResolveError',
  'Nothing is left to decide: what failed was resolved, goes on by itself, or was called off.',
);

const reason = { required: true, description: 'Why, 1 to 500 characters, for the audit log.' } as const;

const RetryErasureInput = builder.inputType('RetryErasureInput', {
  description: 'Which erasure to go on with, and why.',
  fields: (t) => ({
    erasureId: t.id({ required: true, description: 'Id of the erasure, as `erasure { id }` gives it.' }),
    reason: t.string(reason),
  }),
});

const ResolveTaskInput = builder.inputType('ResolveTaskInput', {
  description: 'What is decided about a task, and why.',
  fields: (t) => ({
    taskId: t.id({ required: true, description: 'Id of the task: `erasure { tasks { id } }`.' }),
    resolution: t.field({ type: ResolutionType, required: true, description: 'What is decided.' }),
    reason: t.string(reason),
  }),
});

const ResumedPayload = builder.objectRef<{ erasure: Erasure }>('ErasureResumedPayload').implement({
  description: 'The erasure goes on.',
  fields: (t) => ({
    erasure: t.field({
      type: ErasureType,
      description: 'The erasure as it goes on.',
      resolve: ({ erasure }) => erasure,
    }),
  }),
});

builder.mutationFields((t) => ({
  retryErasure: t.field({
    type: ResumedPayload,
    description:
      'Does again what an erasure that ended as `PARTIAL` or `FAILED` left undone, in the same erasure. Each account is looked at before it is deleted.',
    args: { input: t.arg({ type: RetryErasureInput, required: true, description: 'Which, and why.' }) },
    errors: {
      types: [ErasureNotFoundError, NothingToResolveError, ErasureAlreadyOpenError, InvalidInputError],
      union: { name: 'RetryErasureResult', description: 'The erasure that goes on, or why it does not.' },
    },
    resolve: async (_root, { input }, context) => {
      const { erasures, engine } = context.parts;
      const wanted = { erasureId: decodeId('Erasure', input.erasureId), reason: input.reason };
      await retryErasure(erasures, engine, context.caller(), wanted);
      return { erasure: await loadErasure(context, wanted.erasureId) };
    },
  }),
  resolveTask: t.field({
    type: ResumedPayload,
    description:
      'Carries out what a person decides about one task: one that waits as `NEEDS_REVIEW`, or one that its erasure ended without.',
    args: { input: t.arg({ type: ResolveTaskInput, required: true, description: 'What, and why.' }) },
    errors: {
      types: [TaskNotFoundError, NothingToResolveError, ErasureAlreadyOpenError, InvalidInputError],
      union: { name: 'ResolveTaskResult', description: 'The erasure that goes on, or why it does not.' },
    },
    resolve: async (_root, { input }, context) => {
      if (!UUID.test(input.taskId)) throw badInput('This is not the id of a task.');
      const { erasures, engine } = context.parts;
      const id = await resolveTask(erasures, engine, context.caller(), input);
      return { erasure: await loadErasure(context, id) };
    },
  }),
}));
