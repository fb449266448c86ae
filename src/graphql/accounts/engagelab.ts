import type { EngagelabFacts } from '../../providers/engagelab.ts';
import { builder } from '../builder.ts';
import { AccountInterface, type HeldAccount } from './account.ts';

export const EngagelabAccount = builder.objectRef<HeldAccount<EngagelabFacts>>('EngagelabAccount').implement({
  description: 'A push user of an EngageLab app: one registration id, which is one device.',
  interfaces: [AccountInterface],
  fields: (t) => ({
    alias: t.string({
      nullable: true,
      description: 'Alias bound to the registration id, at most 40 bytes; null when there is none.',
      resolve: ({ account }) => account.facts.alias || null,
    }),
    tags: t.stringList({
      description: 'Tags bound to the registration id, at most 100.',
      resolve: ({ account }) => account.facts.tags,
    }),
  }),
});
