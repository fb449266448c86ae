import { BulkNotFoundError } from '../erasure/bulk/errors.ts';
import { watchBulk } from '../erasure/bulk/progress.ts';
import { builder } from './builder.ts';
import { BulkType } from './bulk.ts';
import { decodeId } from './ids.ts';
import { badInput } from './refusals.ts';

builder.subscriptionField('bulkProgress', (t) =>
  t.field({
    type: BulkType,
    description:
      'A deletion of many customers as it stands, unless `after` says that this was seen, and each time it has changed, until it ends.',
    args: {
      bulkId: t.arg.id({ required: true, description: 'Id of the bulk, as `bulk { id }` gives it.' }),
      after: t.arg.int({
        defaultValue: 0,
        description: 'The last `sequence` that was seen, 0 or more; 0 for none.',
      }),
    },
    subscribe: async function* (_root, { bulkId, after }, context) {
      const { store } = context.parts;
      const id = decodeId('Bulk', bulkId);
      try {
        yield* watchBulk(store, context.known(), id, after ?? 0, context.gone());
      } catch (error) {
        if (error instanceof BulkNotFoundError) throw badInput(error.message);
        throw error;
      }
    },
    resolve: (bulk, _args, context) => {
      context.nextEvent();
      return bulk;
    },
  }),
);
