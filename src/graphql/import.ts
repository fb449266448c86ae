import { ambiguousAccounts } from '../customer/import/ambiguous.ts';
import {
  type Ambiguity,
  type AmbiguousAccount,
  type CustomerImport,
  type ImportState,
} from '../customer/import/import.ts';
import { builder } from './builder.ts';
import { IntegrationType } from './integration.ts';
import { connectionById } from './pagination.ts';

const states: Record<ImportState, { description: string }> = {
  READING: { description: "The provider's accounts are being read." },
  MATCHING: { description: 'What was read is being matched with customers.' },
  COMPLETED: { description: 'Every account was dealt with.' },
  FAILED: { description: 'It was given up; what was linked until then stays. It can be started again.' },
};

const ambiguities: Record<Ambiguity, { description: string }> = {
  SEVERAL_ACCOUNTS: { description: 'Several accounts of the integration carry the e-mail address.' },
  CUSTOMER_HAS_ANOTHER: {
    description: 'The customer with the e-mail address is linked to another account of the integration.',
  },
  EMAIL_NOT_CONFIRMED: {
    description:
      'A reseller registered the e-mail address, and nobody who reaches all customers has confirmed it.',
  },
  CUSTOMER_IS_ERASED: { description: 'The customer with the e-mail address is being erased.' },
};

const ImportStateType = builder.enumType('ImportState', {
  description: 'Where an import stands.',
  values: states,
});

const AmbiguityType = builder.enumType('Ambiguity', {
  description: 'Why an account was not matched.',
  values: ambiguities,
});

const AmbiguousAccountType = builder.objectRef<AmbiguousAccount>('AmbiguousAccount').implement({
  description: 'An account that could be matched by guessing only. Link it by hand, or leave it.',
  fields: (t) => ({
    externalId: t.exposeString('externalId', { description: "The account's id at the provider." }),
    email: t.expose('email', {
      type: 'EmailAddress',
      nullable: true,
      description:
        'E-mail address that the provider holds, by which it was compared; null where it holds none.',
    }),
    ambiguity: t.field({
      type: AmbiguityType,
      description: 'Why it was not matched.',
      resolve: ({ ambiguity }) => ambiguity,
    }),
  }),
});

export const ImportType = builder.objectRef<CustomerImport>('CustomerImport');

builder.node(ImportType, {
  description:
    'One run over all accounts of an integration, which links them to customers or makes them customers.',
  id: {
    resolve: ({ id }) => id,
    description: 'Id of the import, opaque and unique among all objects of this API.',
  },
  isTypeOf: (value) => value !== null && typeof value === 'object' && 'ambiguous' in value,
  loadManyWithoutCache: (ids, context) => ids.map((id) => context.loaders().imports.load(id)),
  fields: (t) => ({
    integration: t.field({
      type: IntegrationType,
      nullable: true,
      description: 'Where the accounts are; null when the integration is no longer configured.',
      resolve: ({ integrationId }, _args, context) => context.integration(integrationId),
    }),
    state: t.field({ type: ImportStateType, description: 'Where it stands.', resolve: ({ state }) => state }),
    read: t.exposeInt('read', { description: 'How many accounts were read so far.' }),
    created: t.exposeInt('created', { description: 'How many accounts became customers.' }),
    linked: t.exposeInt('linked', {
      description: 'How many accounts were linked to a customer with their e-mail address.',
    }),
    skipped: t.exposeInt('skipped', {
      description: 'How many accounts are linked already, or carry no e-mail address.',
    }),
    ambiguous: t.exposeInt('ambiguous', {
      description: 'How many accounts were left open, because matching them is a guess.',
    }),
    ambiguousAccounts: t.connection(
      {
        type: AmbiguousAccountType,
        description:
          'The accounts left open, in the order of their ids; until the next import of the integration begins.',
        resolve: ({ id }, args, context) =>
          connectionById(args, (stretch) => ambiguousAccounts(context.parts.store, id, stretch), 'EXTERNAL'),
      },
      { description: 'A page of accounts left open.' },
      { description: 'An account in a page.' },
    ),
    errorMessage: t.exposeString('errorMessage', {
      nullable: true,
      description: 'Why it was given up, in words for an operator; null when it was not.',
    }),
    requestedAt: t.expose('requestedAt', { type: 'DateTime', description: 'When it was asked for.' }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ended; null while it runs.',
    }),
  }),
});
