import { InvalidInputError } from '../customer/errors.ts';
import { previewBulk } from '../erasure/bulk/approve.ts';
import { BulkNotFoundError, BulkTooLargeError } from '../erasure/bulk/errors.ts';
import { holdingsOf, type Holdings } from '../erasure/bulk/holdings.ts';
import { expiryOf, previewHash } from '../erasure/bulk/preview-hash.ts';
import { blockedOf, makePreview, type Blocked, type Preview } from '../erasure/bulk/preview.ts';
import { checkSelection, type Selection } from '../erasure/bulk/selection.ts';
import { roomAt, roomOfRole } from '../erasure/cap.ts';
import { builder } from './builder.ts';
import { DeletionPreviewBlockCode } from './bulk-words.ts';
import { decodeId } from './ids.ts';
import { IntegrationType } from './integration.ts';

export const DeletionFilter = builder.inputType('DeletionFilter', {
  description:
    'Customers who are not erased and have something in common; it has to name something, and all of it holds together.',
  fields: (t) => ({
    testCustomer: t.boolean({
      defaultValue: false,
      description: 'Whether only customers that were made for tests are meant; if not, all are.',
    }),
    managerId: t.id({
      required: false,
      description: 'Managed by this manager or by one below it. Without it: by anybody or nobody.',
    }),
  }),
});

const DeletionPreviewInput = builder.inputType('DeletionPreviewInput', {
  description: 'Whom to look at: either customers, a filter, or a bulk that waits for an approval.',
  fields: (t) => ({
    customerIds: t.idList({
      required: false,
      description: 'Ids of customers, 1 to 100. Either these, a `filter` or a `bulkId`.',
    }),
    filter: t.field({
      type: DeletionFilter,
      required: false,
      description: 'Customers with this in common, instead of `customerIds`.',
    }),
    bulkId: t.id({
      required: false,
      description:
        'Id of a bulk, alone: a fresh look at its customers whose turn has not come, within the reach of its requester.',
    }),
    integrationIds: t.idList({
      required: false,
      description: 'Look only at these integrations, 1 to 100. Without it: everywhere. Not with `bulkId`.',
    }),
  }),
});

interface SelectionInput {
  customerIds?: readonly string[] | null | undefined;
  filter?:
    { testCustomer?: boolean | null | undefined; managerId?: string | null | undefined } | null | undefined;
  integrationIds?: readonly string[] | null | undefined;
}

/** The selection that an input makes. */
export function selectionOf({ customerIds, filter, integrationIds }: SelectionInput): Selection {
  return {
    customerIds: customerIds?.map((id) => decodeId('Customer', id)) ?? null,
    filter: filter
      ? { testCustomer: filter.testCustomer ?? false, managerId: filter.managerId ?? null }
      : null,
    integrationIds: integrationIds ?? null,
  };
}

const HoldingsType = builder.objectRef<Holdings>('DeletionPreviewIntegration').implement({
  description: 'How many customers a deletion would concern at one integration.',
  fields: (t) => ({
    integration: t.field({
      type: IntegrationType,
      description: 'Where.',
      resolve: ({ integration }) => integration,
    }),
    customers: t.exposeInt('customers', {
      description:
        'How many customers have an account there, or are linked to one where the provider has no way to look.',
    }),
    unreachable: t.exposeInt('unreachable', {
      description: 'How many customers the integration could not be asked for.',
    }),
    capRoom: t.int({
      nullable: true,
      description:
        'How many more customers may be deleted there now, before its cap refuses the others; null without caps.',
      resolve: ({ integration: { id } }, _args, { parts }) => {
        const { store, caps, clock } = parts.erasures;
        return caps && roomAt(store.db, caps, id, clock.now());
      },
    }),
  }),
});

const BlockType = builder.objectRef<Blocked>('DeletionPreviewBlock').implement({
  description: 'A reason that deletions would be refused, and for how many customers.',
  fields: (t) => ({
    code: t.field({
      type: DeletionPreviewBlockCode,
      description: 'What it is, for programs.',
      resolve: ({ code }) => code,
    }),
    customers: t.exposeInt('customers', { description: 'How many customers it concerns.' }),
  }),
});

export const PreviewType = builder.objectRef<Preview>('DeletionPreview').implement({
  description: 'A read-only look at what deleting many customers would concern, in numbers.',
  fields: (t) => ({
    hash: t.string({
      description:
        'Stands for exactly these customers and integrations, and for you. `deleteCustomers` takes it, or `approveBulk` that of a bulk. Opaque.',
      resolve: ({ of, customers, createdAt }) =>
        previewHash(
          of,
          customers.map(({ id }) => id),
          createdAt,
        ),
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'Until when the hash is accepted: 15 minutes after the look.',
      resolve: ({ createdAt }) => expiryOf(createdAt),
    }),
    customers: t.int({
      description: 'How many customers are selected.',
      resolve: ({ customers }) => customers.length,
    }),
    notFound: t.exposeInt('notFound', {
      description: 'How many of the named are not there, or not yours; they are left out.',
    }),
    integrations: t.field({
      type: [HoldingsType],
      description: 'Where they hold something. Asks every integration for all of them.',
      resolve: (preview, _args, context) => holdingsOf(context.accounts(), preview),
    }),
    blocked: t.field({
      type: [BlockType],
      description:
        'For how many the deletion would be refused, as far as it is known without asking a provider.',
      resolve: (preview, _args, context) => blockedOf(context.parts.erasures, preview),
    }),
    capRoom: t.int({
      nullable: true,
      description:
        'How many more customers the role of whoever asks may delete now, before its cap refuses the others; null without caps.',
      resolve: ({ role }, _args, { parts }) => {
        const { store, caps, clock } = parts.erasures;
        return caps && roomOfRole(store.db, caps, role, clock.now());
      },
    }),
    needsApproval: t.exposeBoolean('needsApproval', {
      description: 'Whether they are so many that somebody else has to approve.',
    }),
  }),
});

builder.queryField('deletionPreview', (t) =>
  t.field({
    type: PreviewType,
    description: 'What deleting many customers would concern. Changes nothing.',
    args: { input: t.arg({ type: DeletionPreviewInput, required: true, description: 'Whom, and where.' }) },
    errors: {
      types: [BulkTooLargeError, BulkNotFoundError, InvalidInputError],
      union: { name: 'DeletionPreviewResult', description: 'The look, or why none was taken.' },
    },
    resolve: async (_root, { input }, context) => {
      const { erasures } = context.parts;
      const viewer = context.known();
      const selection = selectionOf(input);
      if (input.bulkId) {
        if (input.customerIds || input.filter || input.integrationIds)
          throw new InvalidInputError([{ path: 'bulkId', message: 'Give it alone.' }]);
        return previewBulk(erasures, viewer, decodeId('Bulk', input.bulkId));
      }
      await checkSelection(erasures, viewer, selection);
      return makePreview(erasures, viewer, { subject: viewer.subject, selection, bulkId: null });
    },
  }),
);
