import { InvalidInputError } from '../customer/errors.ts';
import { approveBulk, denyBulk } from '../erasure/bulk/approve.ts';
import type { Bulk } from '../erasure/bulk/bulk.ts';
import { cancelBulk } from '../erasure/bulk/cancel.ts';
import {
  BulkNotFoundError,
  BulkStateError,
  PreviewChangedError,
  PreviewExpiredError,
} from '../erasure/bulk/errors.ts';
import { pauseBulk, resumeBulk } from '../erasure/bulk/pause.ts';
import { builder } from './builder.ts';
import { BulkType, loadBulk } from './bulk.ts';
import type { Context } from './context.ts';
import { decodeId } from './ids.ts';

const BulkOrderInput = builder.inputType('BulkOrderInput', {
  description: 'Which bulk, and why.',
  fields: (t) => ({
    bulkId: t.id({ required: true, description: 'Id of the bulk, as `bulk { id }` gives it.' }),
    reason: t.string({
      required: true,
      description: 'Why, 1 to 500 characters. It is kept in the audit log: name no person in it.',
    }),
  }),
});

const ApproveBulkInput = builder.inputType('ApproveBulkInput', {
  description: 'Which bulk is approved, by which look.',
  fields: (t) => ({
    bulkId: t.id({ required: true, description: 'Id of the bulk, as `bulk { id }` gives it.' }),
    previewHash: t.string({
      required: true,
      description: 'Hash of your `deletionPreview(input: { bulkId })`. Refused when a fresh look differs.',
    }),
  }),
});

const BulkPayload = builder.objectRef<{ bulk: Bulk }>('BulkPayload').implement({
  description: 'The bulk as it is now.',
  fields: (t) => ({
    bulk: t.field({ type: BulkType, description: 'The bulk after the change.', resolve: ({ bulk }) => bulk }),
  }),
});

type Steer = typeof pauseBulk;

/** Carries out an order, and answers the bulk as it is then. */
async function order(
  steer: Steer,
  { bulkId, reason }: { bulkId: string; reason: string },
  context: Context,
): Promise<{ bulk: Bulk }> {
  const { erasures, engine } = context.parts;
  const id = decodeId('Bulk', bulkId);
  await steer(erasures, engine, context.caller(), { bulkId: id, reason });
  return { bulk: await loadBulk(context, id) };
}

const ORDERS = {
  pauseBulk: {
    steer: pauseBulk,
    name: 'PauseBulkResult',
    description:
      'Lets a bulk begin no more erasures until it is resumed. Those that it has begun, 20 at the most, go on.',
  },
  resumeBulk: {
    steer: resumeBulk,
    name: 'ResumeBulkResult',
    description:
      'Lets a paused bulk go on. Roles that do not reach everyone resume only what they have paused themselves.',
  },
  cancelBulk: {
    steer: cancelBulk,
    name: 'CancelBulkResult',
    description:
      'Stops a bulk: no more erasures begin, and those that have not ended are asked to stop. It ends when they have.',
  },
  denyBulk: {
    steer: denyBulk,
    name: 'DenyBulkResult',
    description: 'Ends a bulk of somebody else that waits for an approval. Nothing is deleted.',
  },
} satisfies Record<string, { steer: Steer; name: string; description: string }>;

for (const [field, { steer, name, description }] of Object.entries(ORDERS))
  builder.mutationField(field, (t) =>
    t.field({
      type: BulkPayload,
      description,
      args: { input: t.arg({ type: BulkOrderInput, required: true, description: 'Which, and why.' }) },
      errors: {
        types: [BulkNotFoundError, BulkStateError, InvalidInputError],
        union: { name, description: 'The bulk, or why it stays as it is.' },
      },
      resolve: (_root, { input }, context) => order(steer, input, context),
    }),
  );

builder.mutationField('approveBulk', (t) =>
  t.field({
    type: BulkPayload,
    description:
      'Lets a bulk of somebody else begin, with exactly those customers whom your own fresh look has shown; the others are refused.',
    args: { input: t.arg({ type: ApproveBulkInput, required: true, description: 'Which, by which look.' }) },
    errors: {
      types: [BulkNotFoundError, BulkStateError, PreviewChangedError, PreviewExpiredError],
      union: { name: 'ApproveBulkResult', description: 'The bulk, or why it is not approved.' },
    },
    resolve: async (_root, { input }, context) => {
      const { erasures, engine } = context.parts;
      const bulkId = decodeId('Bulk', input.bulkId);
      const { previewHash } = input;
      await approveBulk(erasures, engine, context.caller(), { bulkId, previewHash });
      return { bulk: await loadBulk(context, bulkId) };
    },
  }),
);
