import type { WrittenEntry } from '../audit/read.ts';
import type { Task } from '../erasure/erasure.ts';
import { ErasureNotFoundError } from '../erasure/errors.ts';
import { watchErasure } from '../erasure/progress.ts';
import { builder } from './builder.ts';
import { ErasureType, loadErasure } from './erasure.ts';
import { OutcomeType, TaskStateType, VerdictType, WaitingReasonType } from './erasure-words.ts';
import { decodeId } from './ids.ts';
import { badInput } from './refusals.ts';

type Shown = Pick<Task, 'state' | 'outcome' | 'verdict' | 'waitingReason'> & {
  notBefore: string | null;
  taskId: string;
};

/** What an event tells of its task; null for an event of the whole erasure. */
const shownBy = ({ details }: WrittenEntry): Shown | null =>
  'taskId' in details ? (details as unknown as Shown) : null;

const EventType = builder.objectRef<WrittenEntry>('ErasureEvent').implement({
  description: 'Something that happened in an erasure.',
  fields: (t) => ({
    sequence: t.int({
      description: '1, 2, 3 … without gaps; resume after it with `erasureProgress(after)`.',
      resolve: ({ sequence }) => sequence!,
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When it happened.' }),
    action: t.exposeString('action', {
      description:
        'What happened: a noun and a verb, such as `erasure.requested`, `attempt.started`, `attempt.finished`, `task.failed` or `erasure.completed`. More may come.',
    }),
    integrationId: t.exposeID('integrationId', {
      nullable: true,
      description: 'Id of the integration; null when it concerns the whole erasure.',
    }),
    taskState: t.field({
      type: TaskStateType,
      nullable: true,
      description: 'Where the task stood then; null when it concerns the whole erasure.',
      resolve: (entry) => shownBy(entry)?.state ?? null,
    }),
    outcome: t.field({
      type: OutcomeType,
      nullable: true,
      description: 'What the deletion had come to; null while not known.',
      resolve: (entry) => shownBy(entry)?.outcome ?? null,
    }),
    verdict: t.field({
      type: VerdictType,
      nullable: true,
      description: 'What a look had shown; null while none was taken.',
      resolve: (entry) => shownBy(entry)?.verdict ?? null,
    }),
    waitingReason: t.field({
      type: WaitingReasonType,
      nullable: true,
      description: 'Why the task waits from then on; null when it does not.',
      resolve: (entry) => shownBy(entry)?.waitingReason ?? null,
    }),
    nextTryAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the task goes on; null when it does not wait.',
      resolve: (entry) => {
        const shown = shownBy(entry);
        return shown?.waitingReason && shown.notBefore ? new Date(shown.notBefore) : null;
      },
    }),
    erasure: t.field({
      type: ErasureType,
      description: 'The erasure as it stands now, which may be later than the event.',
      resolve: ({ erasureId }, _args, context) => loadErasure(context, erasureId!),
    }),
  }),
});

builder.subscriptionField('erasureProgress', (t) =>
  t.field({
    type: EventType,
    description:
      'Everything that happens in an erasure, until it ends: first what already happened after `after`, then what happens. Nothing is lost or repeated when a client resumes with the last `sequence` that it saw.',
    args: {
      erasureId: t.arg.id({
        required: true,
        description: 'Id of the erasure, as `erasure { id }` gives it.',
      }),
      after: t.arg.int({
        defaultValue: 0,
        description: 'The last `sequence` that was seen, 0 or more; 0 for everything.',
      }),
    },
    subscribe: async function* (_root, { erasureId, after }, context) {
      const { store } = context.parts;
      const id = decodeId('Erasure', erasureId);
      try {
        yield* watchErasure(store, context.known(), id, after ?? 0, context.gone());
      } catch (error) {
        if (error instanceof ErasureNotFoundError) throw badInput(error.message);
        throw error;
      }
    },
    resolve: (entry, _args, context) => {
      context.nextEvent();
      return entry;
    },
  }),
);
