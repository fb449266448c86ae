import { InvalidInputError } from '../customer/errors.ts';
import type { Bulk } from '../erasure/bulk/bulk.ts';
import { BulkTooLargeError, PreviewChangedError, PreviewExpiredError } from '../erasure/bulk/errors.ts';
import { requestBulk } from '../erasure/bulk/request.ts';
import { IdempotencyConflictError } from '../erasure/errors.ts';
import { builder } from './builder.ts';
import { DeletionFilter, selectionOf } from './bulk-preview.ts';
import { BulkType, loadBulk } from './bulk.ts';

const DeleteCustomersInput = builder.inputType('DeleteCustomersInput', {
  description: 'Which customers to delete, and why: what was given to `deletionPreview`, and its hash.',
  fields: (t) => ({
    previewHash: t.string({
      required: true,
      description: 'Hash of your preview of this selection. Refused when others are selected now.',
    }),
    customerIds: t.idList({
      required: false,
      description: 'Ids of customers, 1 to 100. Either these or a `filter`.',
    }),
    filter: t.field({
      type: DeletionFilter,
      required: false,
      description:
        'Customers with this in common, instead of `customerIds`. Each is held to it again before the deletion.',
    }),
    integrationIds: t.idList({
      required: false,
      description: 'Delete only at these integrations, 1 to 100. Without it: everywhere.',
    }),
    reason: t.string({
      required: true,
      description: 'Why, 1 to 500 characters. It is kept in the audit log: name no person in it.',
    }),
    idempotencyKey: t.string({
      required: false,
      description:
        'Of your choice, 1 to 255 printable ASCII characters without spaces. Sending the same key and input again answers the same bulk.',
    }),
  }),
});

const DeleteCustomersPayload = builder.objectRef<{ bulk: Bulk }>('DeleteCustomersPayload').implement({
  description: 'The deletion was accepted and is carried out whatever happens to the gateway.',
  fields: (t) => ({
    bulk: t.field({ type: BulkType, description: 'The deletion.', resolve: ({ bulk }) => bulk }),
  }),
});

builder.mutationField('deleteCustomers', (t) =>
  t.field({
    type: DeleteCustomersPayload,
    description:
      'Deletes exactly the customers of a confirmed preview, each by an erasure of its own that is planned and guarded as any other. Irreversible.',
    args: {
      input: t.arg({ type: DeleteCustomersInput, required: true, description: 'Which customers, and why.' }),
    },
    errors: {
      types: [
        PreviewChangedError,
        PreviewExpiredError,
        BulkTooLargeError,
        IdempotencyConflictError,
        InvalidInputError,
      ],
      union: {
        name: 'DeleteCustomersResult',
        description: 'The accepted deletion, or why it was not accepted.',
      },
    },
    resolve: async (_root, { input }, context) => {
      const { erasures, engine } = context.parts;
      const { previewHash, reason, idempotencyKey = null } = input;
      const request = { selection: selectionOf(input), previewHash, reason, idempotencyKey };
      const id = await requestBulk(erasures, engine, context.caller(), request);
      return { bulk: await loadBulk(context, id) };
    },
  }),
);
