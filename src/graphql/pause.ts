import { InvalidInputError } from '../customer/errors.ts';
import { pauseOf, setPause, type Pause } from '../erasure/pause.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';

const PauseType = builder.objectRef<Pause>('ErasurePause').implement({
  description: 'The stop switch, turned on: nothing more is deleted. What was deleted is still looked at.',
  fields: (t) => ({
    reason: t.exposeString('reason', { description: 'Why, in the words of whoever turned it on.' }),
    pausedBy: t.exposeString('pausedBy', { description: 'Subject of whoever turned it on.' }),
    pausedAt: t.expose('pausedAt', { type: 'DateTime', description: 'Since when.' }),
  }),
});

const PausePayload = builder.objectRef<{ pause: Pause | null }>('ErasurePausePayload').implement({
  description: 'The stop switch as it is now.',
  fields: (t) => ({
    pause: t.field({
      type: PauseType,
      nullable: true,
      description: 'The pause; null while erasures delete.',
      resolve: ({ pause }) => pause,
    }),
  }),
});

builder.queryField('erasurePause', (t) =>
  t.field({
    type: PauseType,
    nullable: true,
    description: 'The pause that is on; null while erasures delete.',
    resolve: (_root, _args, context) => pauseOf(context.parts.store.db),
  }),
);

const reason = {
  required: true,
  description: 'Why, 1 to 500 characters. It is kept in the audit log: name no person in it.',
} as const;

const PauseErasuresInput = builder.inputType('PauseErasuresInput', {
  description: 'Why the stop switch is turned on.',
  fields: (t) => ({ reason: t.string(reason) }),
});

const ResumeErasuresInput = builder.inputType('ResumeErasuresInput', {
  description: 'Why the stop switch is turned off.',
  fields: (t) => ({ reason: t.string(reason) }),
});

async function turn(on: boolean, { reason }: { reason: string }, context: Context) {
  const { erasures, engine } = context.parts;
  return { pause: await setPause(erasures, engine, context.caller(), { on, reason }) };
}

builder.mutationFields((t) => ({
  pauseErasures: t.field({
    type: PausePayload,
    description:
      'The stop switch: no erasure, in any process, begins another delete. Erasures that are asked for meanwhile wait.',
    args: { input: t.arg({ type: PauseErasuresInput, required: true, description: 'Why.' }) },
    errors: {
      types: [InvalidInputError],
      union: { name: 'PauseErasuresResult', description: 'The pause, or why there is none.' },
    },
    resolve: (_root, { input }, context) => turn(true, input, context),
  }),
  resumeErasures: t.field({
    type: PausePayload,
    description: 'Turns the stop switch off: all erasures that wait go on.',
    args: { input: t.arg({ type: ResumeErasuresInput, required: true, description: 'Why.' }) },
    errors: {
      types: [InvalidInputError],
      union: { name: 'ResumeErasuresResult', description: 'The switch, or why it stays as it is.' },
    },
    resolve: (_root, { input }, context) => turn(false, input, context),
  }),
}));
