import type { Erasure } from '../erasure/erasure.ts';
import { lookNow } from '../erasure/look-again.ts';
import type { Plan } from '../erasure/plan.ts';
import { listErasures } from '../erasure/read.ts';
import { summarise } from '../erasure/summary.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { CustomerType } from './customer.ts';
import { TaskType } from './erasure-task.ts';
import { ErasureStateType, WaitingReasonType } from './erasure-words.ts';
import { decodeId } from './ids.ts';
import { connectionById } from './pagination.ts';
import { badInput } from './refusals.ts';
import { PlanType } from './plan.ts';

function planOf(context: Context, erasure: Erasure): Promise<Plan> | null {
  const waits = erasure.state === 'AWAITING_APPROVAL' || erasure.state === 'SCHEDULED';
  const { erasures } = context.parts;
  return waits ? lookNow(erasures, context.accounts('FRESH'), erasure) : null;
}

export const ErasureType = builder.objectRef<Erasure>('Erasure');

builder.node(ErasureType, {
  description: 'One deletion of one customer, everywhere or at chosen integrations.',
  id: {
    resolve: (erasure) => erasure.id,
    description: 'Id of the erasure, opaque and unique among all objects of this API.',
  },
  isTypeOf: (value) => value !== null && typeof value === 'object' && 'requestedBy' in value,
  loadManyWithoutCache: (ids, context) => ids.map((id) => context.loaders().erasures.load(id)),
  fields: (t) => ({
    customer: t.field({
      type: CustomerType,
      nullable: true,
      description: 'Who is deleted; null when the customer has moved out of your reach.',
      resolve: ({ customerId }, _args, context) => context.loaders().customers.load({ id: customerId }),
    }),
    state: t.field({
      type: ErasureStateType,
      description: 'Where the erasure stands.',
      resolve: ({ state }) => state,
    }),
    everywhere: t.exposeBoolean('everywhere', {
      description: 'Whether every integration was meant, and not some that were named.',
    }),
    summary: t.string({
      description: 'Where the erasure stands, in a sentence for people. Names no person.',
      resolve: async (erasure, _args, context) =>
        summarise(erasure, await context.loaders().tasks.load(erasure.id)),
    }),
    reason: t.exposeString('reason', { description: 'Why, in the words of whoever asked.' }),
    requestedBy: t.exposeString('requestedBy', { description: 'Who asked: the subject of their token.' }),
    requestedAt: t.expose('requestedAt', { type: 'DateTime', description: 'When it was asked for.' }),
    scheduledFor: t.expose('scheduledFor', {
      type: 'DateTime',
      nullable: true,
      description: 'Before which nothing is deleted; null when it begins at once.',
    }),
    approvalExpiresAt: t.expose('approvalExpiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Until when somebody else has to approve it; null when nobody has to.',
    }),
    approvedBy: t.exposeString('approvedBy', {
      nullable: true,
      description: 'Subject of whoever approved it; null while nobody has.',
    }),
    approvedAt: t.expose('approvedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was approved; null while it is not.',
    }),
    plan: t.field({
      type: PlanType,
      nullable: true,
      description:
        'What it would do, looked at now, while it waits for its approval or its time; null once it has begun.',
      resolve: (erasure, _args, context) => planOf(context, erasure),
    }),
    irreversibleAt: t.expose('irreversibleAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the point of no return was passed; null while nothing is gone.',
    }),
    cancelRequestedAt: t.expose('cancelRequestedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When somebody asked to stop; null when nobody did.',
    }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ended; null while it goes on.',
    }),
    sequence: t.exposeInt('sequence', {
      description: 'Number of its latest event, 1 or more, for `erasureProgress(after)`.',
    }),
    tasks: t.field({
      type: [TaskType],
      description: 'Its parts, in the order of the plan, which is the order in which they are begun.',
      resolve: async ({ id }, _args, context) => [...(await context.loaders().tasks.load(id))],
    }),
  }),
});

/** An erasure that was just read or written, so that it is there. */
export async function loadErasure(context: Context, id: string): Promise<Erasure> {
  const erasure = await context.loaders().erasures.clear(id).load(id);
  if (!erasure) throw new Error('an erasure is gone');
  return erasure;
}

builder.queryFields((t) => ({
  erasure: t.field({
    type: ErasureType,
    nullable: true,
    description: 'An erasure by id. Null when there is none, and when it is of a customer that is not yours.',
    args: {
      id: t.arg.id({ required: true, description: 'Id of the erasure, as `erasure { id }` gives it.' }),
    },
    resolve: (_root, { id }, context) => context.loaders().erasures.load(decodeId('Erasure', id)),
  }),
  erasures: t.connection(
    {
      type: ErasureType,
      description: 'Erasures of your customers, in the order of their ids: any, but always the same.',
      args: {
        customerId: t.arg.id({
          required: false,
          description: 'Only erasures of this customer. Without it: of all.',
        }),
        states: t.arg({
          type: [ErasureStateType],
          required: false,
          description: 'Only those in one of these states, at least one. Without it: in any.',
        }),
        waitingReasons: t.arg({
          type: [WaitingReasonType],
          required: false,
          description:
            'Only those with a task that waits for one of these reasons, at least one. Without it: all.',
        }),
      },
      resolve: (_root, { customerId, states, waitingReasons, ...args }, context) => {
        if (states?.length === 0 || waitingReasons?.length === 0)
          throw badInput('Name at least one of `states` and of `waitingReasons`, or leave them out.');
        const filter = {
          customerId: customerId ? decodeId('Customer', customerId) : undefined,
          states: states ?? undefined,
          waitingReasons: waitingReasons ?? undefined,
        };
        return connectionById(args, (stretch) =>
          listErasures(context.parts.store, context.known(), filter, stretch),
        );
      },
    },
    { description: 'A page of erasures.' },
    { description: 'An erasure in a page.' },
  ),
}));
