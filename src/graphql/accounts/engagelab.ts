import type { EngagelabFacts } from '../../providers/engagelab.ts';
import { builder } from '../builder.ts';
import { AccountInterface, type HeldAccount } from './account.ts';

export const EngagelabAccount = builder.objectRef<HeldAccount<EngagelabFacts>>('EngagelabAccount').implement({
  description:
    'A push user of an EngageLab app, which is one device. The external id is its registration id.',
  interfaces: [AccountInterface],
  fields: (t) => ({
    alias: t.string({
      nullable: true,
      description:
        'Alias bound to the registration id, at most 40 bytes (EngageLab REST API, Tag & Alias); null when there is none.',
      resolve: ({ account }) => account.facts.alias || null,
    }),
    tags: t.stringList({
      description:
        'Tags bound to the registration id, at most 100 of at most 40 bytes (EngageLab REST API, Tag & Alias).',
      resolve: ({ account }) => account.facts.tags,
    }),
  }),
});
