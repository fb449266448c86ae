import type { Attempt, Erasure, Task } from '../erasure/erasure.ts';
import { listErasures } from '../erasure/read.ts';
import { summarise } from '../erasure/summary.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { CustomerType } from './customer.ts';
import {
  AttemptKindType,
  ErasureStateType,
  OutcomeType,
  TaskStateType,
  VerdictType,
  WaitingReasonType,
} from './erasure-words.ts';
import { decodeId } from './ids.ts';
import { IntegrationType } from './integration.ts';
import { connectionById } from './pagination.ts';
import { PresenceType } from './plan.ts';
import { checkLength } from './refusals.ts';

const AttemptType = builder.objectRef<Attempt>('Attempt').implement({
  description: 'One try of a task. Written down before anything is sent.',
  fields: (t) => ({
    number: t.exposeInt('number', { description: '1, 2, 3 … within the task.' }),
    kind: t.field({ type: AttemptKindType, description: 'What was tried.', resolve: ({ kind }) => kind }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When it was written down.' }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When its result was written down; null while it runs.',
    }),
    result: t.exposeString('result', {
      nullable: true,
      description:
        "`OK`, a provider's error code, `OUTCOME_UNKNOWN` for a delete whose process died, `INTERRUPTED` for another attempt; null while it runs.",
    }),
  }),
});

const TaskType = builder.objectRef<Task>('ErasureTask').implement({
  description: "One account's part of an erasure.",
  fields: (t) => ({
    integration: t.field({
      type: IntegrationType,
      nullable: true,
      description: 'Where; null when the integration is no longer configured.',
      resolve: ({ integrationId }, _args, context) => context.integration(integrationId),
    }),
    integrationId: t.exposeID('integrationId', {
      description: 'Id of the integration, also when it is gone.',
    }),
    presence: t.field({
      type: PresenceType,
      description: 'What the plan saw.',
      resolve: ({ presence }) => presence,
    }),
    state: t.field({
      type: TaskStateType,
      description: 'Where the task stands.',
      resolve: ({ state }) => state,
    }),
    outcome: t.field({
      type: OutcomeType,
      nullable: true,
      description: 'What the deletion came to; null while it is not known.',
      resolve: ({ outcome }) => outcome,
    }),
    verdict: t.field({
      type: VerdictType,
      nullable: true,
      description: 'What a look afterwards showed; null while none was taken.',
      resolve: ({ verdict }) => verdict,
    }),
    waitingReason: t.field({
      type: WaitingReasonType,
      nullable: true,
      description: 'Why nothing happens now; null when something does.',
      resolve: ({ waitingReason }) => waitingReason,
    }),
    nextTryAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it goes on; null when it does not wait.',
      resolve: ({ waitingReason, notBefore }) => (waitingReason === null ? null : notBefore),
    }),
    errorCode: t.exposeString('errorCode', {
      nullable: true,
      description:
        "The last trouble: a provider's error code, `RECREATED`, `APPEARED_AFTER_PLAN`, `PROTECTED`, `AMBIGUOUS`, `STILL_PRESENT`, `INTEGRATION_GONE`, `NOT_AUTHORISED` or `REFUSED_ELSEWHERE`.",
    }),
    errorMessage: t.exposeString('errorMessage', {
      nullable: true,
      description: 'The last trouble, in words.',
    }),
    providerReason: t.exposeString('providerReason', {
      nullable: true,
      description: "The provider's own words to a failure, at most 200 characters.",
    }),
    deletedAt: t.expose('deletedAt', {
      type: 'DateTime',
      nullable: true,
      description: "The provider's own time of the deletion; null where it gives none.",
    }),
    attempts: t.field({
      type: [AttemptType],
      description: 'Every try, in order.',
      resolve: async ({ id }, _args, context) => [...(await context.loaders().attempts.load(id))],
    }),
  }),
});

export const ErasureType = builder.objectRef<Erasure>('Erasure');

builder.node(ErasureType, {
  description: 'One deletion of one customer, everywhere or at chosen integrations.',
  id: { resolve: (erasure) => erasure.id, description: 'Id of the erasure.' },
  isTypeOf: (value) => value !== null && typeof value === 'object' && 'requestedBy' in value,
  loadManyWithoutCache: (ids, context) => ids.map((id) => context.loaders().erasures.load(id)),
  fields: (t) => ({
    customer: t.field({
      type: CustomerType,
      nullable: true,
      description: 'Of whom; null when the customer has moved out of your reach.',
      resolve: ({ customerId }, _args, context) => context.loaders().customers.load(customerId),
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
      description: 'Where the erasure stands, in words.',
      resolve: async (erasure, _args, context) =>
        summarise(erasure, await context.loaders().tasks.load(erasure.id)),
    }),
    reason: t.exposeString('reason', { description: 'Why, in the words of whoever asked.' }),
    requestedBy: t.exposeString('requestedBy', { description: 'Who asked: the subject of their token.' }),
    requestedAt: t.expose('requestedAt', { type: 'DateTime', description: 'When it was asked for.' }),
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
      description: 'Number of its latest event, for `erasureProgress(after)`.',
    }),
    tasks: t.field({
      type: [TaskType],
      description: 'Its parts, in the order of the plan.',
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
    args: { id: t.arg.id({ required: true, description: 'Id of the erasure.' }) },
    resolve: (_root, { id }, context) => context.loaders().erasures.load(decodeId('Erasure', id)),
  }),
  erasures: t.connection(
    {
      type: ErasureType,
      description: 'Erasures of your customers, in the order of their ids.',
      args: {
        customerId: t.arg.id({ required: false, description: 'Of this customer.' }),
        states: t.arg({ type: [ErasureStateType], required: false, description: 'In one of these states.' }),
      },
      resolve: (_root, { customerId, states, ...args }, context) => {
        checkLength('states', states ?? []);
        const filter = {
          customerId: customerId ? decodeId('Customer', customerId) : undefined,
          states: states ?? undefined,
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
