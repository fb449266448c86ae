import type { Attempt, Task } from '../erasure/erasure.ts';
import { builder } from './builder.ts';
import {
  AttemptKindType,
  OutcomeType,
  ResolutionType,
  TaskStateType,
  VerdictType,
  WaitingReasonType,
} from './erasure-words.ts';
import { IntegrationType } from './integration.ts';
import { PresenceType } from './plan.ts';

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

export const TaskType = builder.objectRef<Task>('ErasureTask').implement({
  description: "One account's part of an erasure.",
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Id of the task, for `resolveTask`.' }),
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
        "The last trouble: a provider's error code, `RECREATED`, `APPEARED_AFTER_PLAN`, `AMBIGUOUS`, `STILL_PRESENT`, `OUTCOME_UNKNOWN`, `INTEGRATION_GONE`, `NOT_AUTHORISED`, `HELD`, `SKIPPED`, `BLOCKER`, `LINKED_TO_ANOTHER_CUSTOMER` or `REFUSED_ELSEWHERE`; null while there was none.",
    }),
    errorMessage: t.exposeString('errorMessage', {
      nullable: true,
      description: 'The last trouble, in words for an operator; null while there was none.',
    }),
    providerReason: t.exposeString('providerReason', {
      nullable: true,
      description:
        "The provider's own words to a failure, at most 200 characters; null where it said nothing, and once the customer was forgotten.",
    }),
    suspended: t.exposeBoolean('suspended', {
      description: 'Whether the account is suspended, or may be, until it is deleted or restored.',
    }),
    resolution: t.field({
      type: ResolutionType,
      nullable: true,
      description: 'What a person decided last; null when nobody had to.',
      resolve: ({ resolution }) => resolution,
    }),
    resolvedBy: t.exposeString('resolvedBy', {
      nullable: true,
      description: 'Subject of the token of that person; null when nobody had to.',
    }),
    resolutionReason: t.exposeString('resolutionReason', {
      nullable: true,
      description: 'Why, in their words; null when nobody had to.',
    }),
    deletedAt: t.expose('deletedAt', {
      type: 'DateTime',
      nullable: true,
      description: "The provider's own time of the deletion; null where it gives none.",
    }),
    attempts: t.field({
      type: [AttemptType],
      description: 'Every try, the first first; empty while nothing was tried.',
      resolve: async ({ id }, _args, context) => [...(await context.loaders().attempts.load(id))],
    }),
  }),
});
