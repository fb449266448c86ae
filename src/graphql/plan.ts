import type { Notice, SideEffect } from '../providers/provider.ts';
import { makePlan, type Plan, type PlanItem } from '../erasure/plan.ts';
import { expiryOf, planHash } from '../erasure/plan-hash.ts';
import { blockersOf } from '../erasure/blockers.ts';
import type { Blocker } from '../erasure/errors.ts';
import { PRESENCES } from '../erasure/words.ts';
import { builder } from './builder.ts';
import { CustomerType, loadCustomer } from './customer.ts';
import { decodeId } from './ids.ts';
import { IntegrationType, LeavesType } from './integration.ts';

export const PresenceType = builder.enumType('Presence', {
  description: 'What a plan saw at an integration.',
  values: {
    FOUND: { description: 'It was asked and holds an account.' },
    ABSENT: { description: 'It was asked and holds nothing.' },
    UNREACHABLE: { description: 'It could not be asked; the erasure looks again before it deletes.' },
    UNCONFIRMED: { description: 'A key is known, and the provider has no way to look.' },
    NOT_LINKED: { description: 'No key is known to ask by; the erasure does not reach it.' },
  } satisfies Record<(typeof PRESENCES)[number], object>,
});

const NoticeType = builder.objectRef<Notice>('Warning').implement({
  description: 'A consequence of a deletion to know, which does not forbid it.',
  fields: (t) => ({
    code: t.exposeString('code', {
      description:
        'What it is, for programs: `NOT_REACHED`, `NOT_CONFIRMED`, `NOT_LINKED`, `SIDE_EFFECTS_UNKNOWN`, `MAY_REAPPEAR` or `HISTORY_STAYS`. More may come.',
    }),
    message: t.exposeString('message', { description: 'What it is, in words.' }),
  }),
});

export const BlockerType = builder.objectRef<Blocker>('Blocker').implement({
  description: 'A reason that a deletion may not run.',
  fields: (t) => ({
    code: t.exposeString('code', {
      description:
        'What it is, for programs: `ALREADY_ERASED`, `HOLD`, `PROTECTED`, `ACTIVE_SUBSCRIPTION`, `CREDENTIAL_OWNER`, `AMBIGUOUS`, `UNLINKED_ACCOUNT` or `LINKED_TO_ANOTHER_CUSTOMER`. More may come.',
    }),
    message: t.exposeString('message', { description: 'What it is, in words.' }),
    integration: t.field({
      type: IntegrationType,
      nullable: true,
      description: 'Where it is; null when it holds for the whole customer.',
      resolve: ({ integrationId }, _args, context) =>
        integrationId === null ? null : context.integration(integrationId),
    }),
  }),
});

const SideEffectType = builder.objectRef<SideEffect>('SideEffect').implement({
  description: 'Something that happens besides the deletion.',
  fields: (t) => ({
    code: t.exposeString('code', {
      description: 'What it is, for programs: `CLAIMED_DEVICES`, `APPS` or `TAGS_AND_ALIAS`. More may come.',
    }),
    message: t.exposeString('message', { description: 'What it is, in words.' }),
    count: t.exposeInt('count', {
      nullable: true,
      description: 'How many things it concerns; null where that could not be counted.',
    }),
    names: t.stringList({
      description: 'Their names at the provider; empty where they have none.',
      resolve: ({ names }) => [...names],
    }),
  }),
});

const secondsOf = (waitsMs: readonly number[] | undefined): number | null =>
  waitsMs ? Math.ceil(waitsMs.reduce((sum, ms) => sum + ms, 0) / 1000) : null;

const PlanItemType = builder.objectRef<PlanItem>('ErasurePlanItem').implement({
  description: 'What a plan says about one account, or about an integration without one.',
  fields: (t) => ({
    integration: t.field({
      type: IntegrationType,
      description: 'Where.',
      resolve: ({ integration }) => integration,
    }),
    presence: t.field({
      type: PresenceType,
      description: 'What was seen.',
      resolve: ({ presence }) => presence,
    }),
    externalId: t.string({
      nullable: true,
      description: 'The account that would be deleted, by its id at the provider; null where none was seen.',
      resolve: ({ account }) => account?.externalId ?? null,
    }),
    leaves: t.field({
      type: LeavesType,
      description: 'What the deletion would leave behind.',
      resolve: ({ integration }) => integration.manifest.leaves,
    }),
    canBeVerified: t.boolean({
      description: 'Whether one can look afterwards whether the account is gone.',
      resolve: ({ integration }) => integration.manifest.verification !== null,
    }),
    verifiedWithinSeconds: t.int({
      nullable: true,
      description:
        'How long it may take at the most until a look has told, in seconds; null where nobody can look.',
      resolve: ({ integration }) => secondsOf(integration.manifest.verification?.waitsMs),
    }),
    sideEffects: t.field({
      type: [SideEffectType],
      description: 'What would happen besides, as far as it could be counted; empty when nothing would.',
      resolve: ({ sideEffects }) => [...sideEffects],
    }),
    warnings: t.field({
      type: [NoticeType],
      description: 'Consequences to know; empty when there are none.',
      resolve: ({ warnings }) => [...warnings],
    }),
  }),
});

export const PlanType = builder.objectRef<Plan>('ErasurePlan').implement({
  description: 'A read-only look at what an erasure would do.',
  fields: (t) => ({
    customer: t.field({ type: CustomerType, description: 'Of whom.', resolve: ({ customer }) => customer }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the look was taken.' }),
    hash: t.string({
      description:
        'Stands for all that the plan saw. `deleteCustomer` with it refuses when a fresh look differs. Opaque.',
      resolve: (plan) => planHash(plan),
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'Until when the hash is accepted: 15 minutes after the look.',
      resolve: (plan) => expiryOf(plan),
    }),
    items: t.field({
      type: [PlanItemType],
      description: 'What would happen, in the order in which it would.',
      resolve: ({ items }) => [...items],
    }),
    pointOfNoReturn: t.field({
      type: PlanItemType,
      nullable: true,
      description:
        'The first item at which something would be deleted: until then all can be called off. Null when nothing would be.',
      resolve: ({ items }) => items.find(({ account }) => account !== null) ?? null,
    }),
    blockers: t.field({
      type: [BlockerType],
      description: 'Why the erasure may not run; empty when it may.',
      resolve: (plan) => blockersOf(plan),
    }),
  }),
});

builder.queryField('erasurePlan', (t) =>
  t.field({
    type: PlanType,
    nullable: true,
    description:
      'What deleting a customer would do. Changes nothing. Null when there is no such customer of yours.',
    args: {
      customerId: t.arg.id({
        required: true,
        description: 'Id of the customer, as `customer { id }` gives it.',
      }),
      integrationIds: t.arg.idList({
        required: false,
        description: 'Look only at these integrations, at most 100. Without it: at every one.',
      }),
    },
    resolve: async (_root, { customerId, integrationIds }, context) => {
      const reader = context.accounts('FRESH', integrationIds ? undefined : decodeId('Customer', customerId));
      const customer = await loadCustomer(context, customerId);
      if (!customer) return null;
      const only = integrationIds ? new Set(integrationIds) : undefined;
      const now = context.parts.erasures.clock.now();
      return makePlan(reader, customer, only, now);
    },
  }),
);
