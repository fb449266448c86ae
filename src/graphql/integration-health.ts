import { builder } from './builder.ts';
import type { Look } from './health-looks.ts';

export const IntegrationHealthType = builder.objectRef<Look>('IntegrationHealth').implement({
  description: 'What a look at an integration has shown.',
  fields: (t) => ({
    reachable: t.boolean({
      nullable: true,
      description: 'Whether the provider answered; null where no call was made.',
      resolve: ({ health }) => health.reachable,
    }),
    authenticated: t.boolean({
      nullable: true,
      description: 'Whether the provider accepted the credential; null where that was not seen.',
      resolve: ({ health }) => health.authenticated,
    }),
    mayDelete: t.boolean({
      nullable: true,
      description:
        'Whether the credential may delete; null where only trying would tell, because the provider does not.',
      resolve: ({ health }) => health.mayDelete,
    }),
    why: t.string({
      nullable: true,
      description: 'Why, in words for an operator; null when there is nothing to say.',
      resolve: ({ health }) => health.why,
    }),
    rateLimitLeft: t.int({
      nullable: true,
      description:
        'How many requests the provider still allows in its present window; null where it does not say.',
      resolve: ({ health }) => health.rateLimitLeft,
    }),
    clockSkewMs: t.float({
      nullable: true,
      description:
        "How far the provider's clock is ahead of the gateway's, in milliseconds, to the second; negative when behind, null where it was not seen.",
      resolve: ({ health }) => health.clockSkewMs,
    }),
    checkedAt: t.field({
      type: 'DateTime',
      description: 'When this was seen.',
      resolve: ({ at }) => at,
    }),
  }),
});
