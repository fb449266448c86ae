import type { Integration, KeyKind, KeyRule } from '../providers/provider.ts';
import { builder } from './builder.ts';
import { IntegrationHealthType } from './integration-health.ts';

export const LeavesType = builder.enumType('Leaves', {
  description: 'What a provider leaves behind when it deletes.',
  values: {
    REMOVED: { description: 'Nothing: the account is gone.' },
    REDACTED: { description: 'A record without anything personal.' },
    SOFT_DELETED: { description: 'The record, marked as deleted.' },
  },
});

const DeletionModeType = builder.enumType('DeletionMode', {
  description: 'What a successful answer to a delete means.',
  values: {
    SYNCHRONOUS: { description: 'The account is deleted.' },
    ASYNCHRONOUS: { description: 'The delete is accepted, and done later.' },
  },
});

const kinds: Record<KeyKind, { description: string }> = {
  EMAIL: { description: 'E-mail address, or the name that takes its place; compared in lower case.' },
  ALIAS: {
    description: "A name of the customer's own choice at the provider; may lead to several accounts.",
  },
  REGISTRATION_ID: { description: 'Id of one registered device or browser.' },
  REF: { description: "The customer's reference at the provider; every character counts." },
  USER_ID: { description: "The provider's own id of the user." },
};

export const KeyKindType = builder.enumType('KeyKind', {
  description: 'What an account is known by.',
  values: kinds,
});

const KeyRuleType = builder.objectRef<KeyRule>('KeyRule').implement({
  description: 'One kind of key that an integration can be asked by.',
  fields: (t) => ({
    kind: t.field({
      type: KeyKindType,
      description: 'What accounts are found by.',
      resolve: ({ kind }) => kind,
    }),
    batch: t.int({
      nullable: true,
      description: 'How many keys one call of the provider carries, 1 or more; null where there is no bound.',
      resolve: ({ batch }) => (Number.isFinite(batch) ? batch : null),
    }),
  }),
});

export const IntegrationType = builder.objectRef<Integration>('Integration');

IntegrationType.implement({
  description: 'One configured account at a provider, such as one Particle product.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Id, as the configuration names it.' }),
    provider: t.exposeString('provider', {
      description: 'Kind of provider: `PARTICLE`, `ENGAGELAB`, `LEARN`, `VPN` or `ONELOGIN`. More may come.',
    }),
    keys: t.field({
      type: [KeyRuleType],
      description: 'What accounts can be found by, the surest first. Empty: the provider cannot be asked.',
      resolve: ({ manifest }) => [...manifest.keys],
    }),
    canList: t.boolean({
      description: 'Whether all accounts can be listed, which `importCustomers` needs.',
      resolve: ({ list }) => list !== undefined,
    }),
    canBeSwept: t.boolean({
      description:
        'Whether accounts of erased customers that re-appear are noticed: only where all accounts can be listed.',
      resolve: ({ list }) => list !== undefined,
    }),
    sweptAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When all accounts were last looked through for that; null when they never were.',
      resolve: ({ id }, _args, context) => context.loaders().sweptAt.load(id),
    }),
    canCreate: t.boolean({
      description: 'Whether accounts can be created, which `createCustomer` needs.',
      resolve: ({ create }) => create !== undefined,
    }),
    canIssueTokens: t.boolean({
      description:
        'Whether it issues tokens that act for a customer at the provider, by `issueCustomerToken`.',
      resolve: ({ tokens }) => tokens !== undefined,
    }),
    leaves: t.field({
      type: LeavesType,
      description: 'What a deletion leaves behind.',
      resolve: ({ manifest }) => manifest.leaves,
    }),
    deletion: t.field({
      type: DeletionModeType,
      description: 'Whether a delete is done at once or accepted.',
      resolve: ({ manifest }) => manifest.deletion,
    }),
    canBeVerified: t.boolean({
      description: 'Whether one can look after a delete; if not, its verdict is `UNVERIFIABLE`.',
      resolve: ({ manifest }) => manifest.verification !== null,
    }),
    sideEffects: t.stringList({
      description: 'What else happens when an account is deleted, in words, one each.',
      resolve: ({ manifest }) => [...manifest.sideEffects],
    }),
    credentialScopes: t.stringList({
      description:
        'Scopes or permissions that the credential needs in order to delete, as the provider calls them.',
      resolve: ({ manifest }) => [...manifest.credentialScopes],
    }),
    health: t.field({
      type: IntegrationHealthType,
      nullable: true,
      description:
        'How the integration is, by a call that changes nothing. At most 30 seconds old. Null when it could not be looked at. Needs the scope `integrations:read`.',
      resolve: (integration, _args, { parts }) => parts.health.of(integration),
    }),
  }),
});

builder.queryField('integrations', (t) =>
  t.field({
    type: [IntegrationType],
    description: 'All configured integrations, in the order of the configuration.',
    resolve: (_root, _args, context) => [...context.parts.integrations],
  }),
);
