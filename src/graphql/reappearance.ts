import {
  listReappearances,
  type Reappearance,
  type ReappearanceResolution,
} from '../erasure/reappearance/reappearance.ts';
import type { FingerprintKind } from '../erasure/fingerprint.ts';
import { builder } from './builder.ts';
import { ErasureType } from './erasure.ts';
import { IntegrationType } from './integration.ts';
import { connectionById } from './pagination.ts';

const signs: Record<FingerprintKind, { description: string }> = {
  ACCOUNT: { description: 'It has the id of the account that was deleted.' },
  EMAIL: {
    description:
      'It has the e-mail address of the erased customer; it may be another account, and somebody else.',
  },
};

const resolutions: Record<ReappearanceResolution, { description: string }> = {
  ERASED_AGAIN: { description: 'An erasure of it was asked for.' },
  DISMISSED: { description: 'It was left as it is.' },
};

const ReappearanceSignType = builder.enumType('ReappearanceSign', {
  description: 'What an account that has re-appeared was recognised by.',
  values: signs,
});

const ReappearanceResolutionType = builder.enumType('ReappearanceResolution', {
  description: 'What came of an account that has re-appeared.',
  values: resolutions,
});

export const ReappearanceType = builder.objectRef<Reappearance>('Reappearance').implement({
  description:
    'An account of somebody who was erased, and which a provider holds again: by a backup, a directory sync, a device that was opened.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Id of the re-appearance, a UUID.' }),
    integration: t.field({
      type: IntegrationType,
      nullable: true,
      description: 'Where; null when the integration is no longer configured.',
      resolve: ({ integrationId }, _args, context) => context.integration(integrationId),
    }),
    integrationId: t.exposeID('integrationId', {
      description: 'Id of the integration, also when it is gone.',
    }),
    externalId: t.exposeString('externalId', {
      nullable: true,
      description:
        "The account's id at the provider; null once resolved. Only with the scope `customers:read`; null without.",
    }),
    matchedBy: t.field({
      type: ReappearanceSignType,
      description: 'What it was recognised by.',
      resolve: ({ matchedBy }) => matchedBy,
    }),
    erasure: t.field({
      type: ErasureType,
      nullable: true,
      description: 'The erasure after which it re-appeared; null when its customer is no longer yours.',
      resolve: ({ erasureId }, _args, context) => context.loaders().erasures.load(erasureId),
    }),
    firstSeenAt: t.expose('firstSeenAt', { type: 'DateTime', description: 'When it was first seen again.' }),
    resolvedAt: t.expose('resolvedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When something came of it; null while it is open.',
    }),
    resolution: t.field({
      type: ReappearanceResolutionType,
      nullable: true,
      description: 'What came of it; null while it is open.',
      resolve: ({ resolution }) => resolution,
    }),
    newErasure: t.field({
      type: ErasureType,
      nullable: true,
      description: 'The erasure that was asked for then; null when there is none.',
      resolve: ({ newErasureId }, _args, context) =>
        newErasureId === null ? null : context.loaders().erasures.load(newErasureId),
    }),
  }),
});

builder.queryField('reappearances', (t) =>
  t.connection(
    {
      type: ReappearanceType,
      description:
        'Accounts of your erased customers that have re-appeared, in the order of their ids: any, but always the same.',
      args: {
        resolved: t.arg.boolean({
          required: false,
          description:
            '`true`: only those of which something came; `false`: only those that are open. Without it: all.',
        }),
      },
      resolve: (_root, { resolved, ...args }, context) =>
        connectionById(args, (stretch) =>
          listReappearances(
            context.parts.store,
            context.known(),
            { resolved: resolved ?? undefined },
            stretch,
          ),
        ),
    },
    { description: 'A page of re-appearances.' },
    { description: 'A re-appearance in a page.' },
  ),
);
