import {
  BulkNotFoundError,
  BulkStateError,
  BulkTooLargeError,
  PreviewChangedError,
  PreviewExpiredError,
} from '../erasure/bulk/errors.ts';
import { builder } from './builder.ts';
import { PreviewType } from './bulk-preview.ts';
import { BulkType, loadBulk } from './bulk.ts';
import { ErrorInterface } from './errors.ts';

builder.objectType(BulkTooLargeError, {
  name: 'BulkTooLargeError',
  description: 'More customers are selected than may be deleted at once; nothing was deleted.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    customers: t.exposeInt('customers', { description: 'How many are selected.' }),
    most: t.exposeInt('most', { description: 'How many may be: the setting `BULK_MAX`.' }),
  }),
});

builder.objectType(PreviewChangedError, {
  name: 'PreviewChangedError',
  description: 'The customers that are selected now are not those of the preview; nothing was deleted.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    more: t.exposeInt('more', {
      description: 'How many customers are selected now that the preview did not count.',
    }),
    fewer: t.exposeInt('fewer', { description: 'How many customers it counted that are not selected now.' }),
    preview: t.field({
      type: PreviewType,
      description: 'The preview as it would be now.',
      resolve: ({ preview }) => preview,
    }),
  }),
});

builder.objectType(PreviewExpiredError, {
  name: 'PreviewExpiredError',
  description: 'The preview has expired, or is not one of yours of this selection; nothing was deleted.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    preview: t.field({
      type: PreviewType,
      description: 'The preview as it would be now.',
      resolve: ({ preview }) => preview,
    }),
  }),
});

builder.objectType(BulkNotFoundError, {
  name: 'BulkNotFoundError',
  description: 'There is no such bulk, or it is not yours.',
  interfaces: [ErrorInterface],
});

builder.objectType(BulkStateError, {
  name: 'BulkStateError',
  description: 'As the bulk stands, or from you, this cannot be done.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    bulk: t.field({
      type: BulkType,
      description: 'The bulk as it stands.',
      resolve: ({ bulkId }, _args, context) => loadBulk(context, bulkId),
    }),
  }),
});
