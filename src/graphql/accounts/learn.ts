import type { LearnFacts } from '../../providers/learn.ts';
import { builder } from '../builder.ts';
import { AccountInterface, type HeldAccount } from './account.ts';

export const LearnAccount = builder.objectRef<HeldAccount<LearnFacts>>('LearnAccount').implement({
  description:
    'A user of a Learn tenant. The external id is the `ref` that the organisation gave them (docs.thrivelearning.com/apidocs).',
  interfaces: [AccountInterface],
  fields: (t) => ({
    internalId: t.string({
      description:
        "Learn's own id of the user. It stays with the training history after the deletion, and names nobody then.",
      resolve: ({ account }) => account.facts.id,
    }),
    name: t.string({
      nullable: true,
      description: 'First and last name; null when unknown.',
      resolve: ({ account }) => account.facts.name,
    }),
    role: t.string({
      nullable: true,
      description: '`learner`, `learneradmin` or `administrator`; null when unknown.',
      resolve: ({ account }) => account.facts.role,
    }),
    status: t.string({
      nullable: true,
      description: '`active`, `inactive`, `expired` or `new`; null when unknown.',
      resolve: ({ account }) => account.facts.status,
    }),
    positions: t.int({
      description: 'How many positions the person holds in the organisation, 0 or more.',
      resolve: ({ account }) => account.facts.positions,
    }),
  }),
});
