import type { Bulk, BulkItem } from '../erasure/bulk/bulk.ts';
import type { BulkCounts } from '../erasure/bulk/counts.ts';
import { listBulks, listItems } from '../erasure/bulk/read.ts';
import { builder } from './builder.ts';
import { BulkItemRefusalType, BulkItemResultType, BulkStateType } from './bulk-words.ts';
import type { Context } from './context.ts';
import { CustomerType } from './customer.ts';
import { ErasureType } from './erasure.ts';
import { decodeId, encodeId } from './ids.ts';
import { connectionById } from './pagination.ts';

const CountsType = builder.objectRef<BulkCounts>('BulkCounts').implement({
  description: 'Where the customers of a bulk stand, in numbers.',
  fields: (t) => ({
    total: t.exposeInt('total', { description: 'All of them.' }),
    pending: t.exposeInt('pending', { description: 'Their turn has not come.' }),
    created: t.exposeInt('created', { description: 'An erasure was begun.' }),
    alreadyOpen: t.exposeInt('alreadyOpen', { description: 'An erasure was under way.' }),
    refused: t.exposeInt('refused', { description: 'No erasure was begun.' }),
    open: t.exposeInt('open', { description: 'Of the created: those that have not ended.' }),
    completed: t.exposeInt('completed', { description: 'Of the created: those that are COMPLETED.' }),
    completedWithExceptions: t.exposeInt('completedWithExceptions', {
      description: 'Of the created: those that are COMPLETED_WITH_EXCEPTIONS.',
    }),
    partial: t.exposeInt('partial', { description: 'Of the created: those that are PARTIAL.' }),
    failed: t.exposeInt('failed', { description: 'Of the created: those that are FAILED.' }),
    canceled: t.exposeInt('canceled', { description: 'Of the created: those that are CANCELED.' }),
    denied: t.exposeInt('denied', { description: 'Of the created: those that are DENIED.' }),
  }),
});

const ItemType = builder.objectRef<BulkItem>('BulkItem').implement({
  description: 'One customer of a bulk.',
  fields: (t) => ({
    customerId: t.id({
      description: 'Id of the customer, also when it has moved out of your reach.',
      resolve: ({ id }) => encodeId('Customer', id),
    }),
    customer: t.field({
      type: CustomerType,
      nullable: true,
      description: 'The customer; null when it has moved out of your reach.',
      resolve: ({ id }, _args, context) => context.loaders().customers.load({ id }),
    }),
    result: t.field({
      type: BulkItemResultType,
      nullable: true,
      description: 'What came of it; null until its turn.',
      resolve: ({ result }) => result,
    }),
    code: t.field({
      type: BulkItemRefusalType,
      nullable: true,
      description: 'Why it was refused; null when it was not.',
      resolve: ({ code }) => code,
    }),
    message: t.exposeString('message', {
      nullable: true,
      description: 'Why it was refused, in words; null when it was not.',
    }),
    erasure: t.field({
      type: ErasureType,
      nullable: true,
      description: 'The erasure that was begun or under way; null when there is none within your reach.',
      resolve: ({ erasureId }, _args, context) =>
        erasureId === null ? null : context.loaders().erasures.load(erasureId),
    }),
  }),
});

export const BulkType = builder.objectRef<Bulk>('Bulk');

builder.node(BulkType, {
  description: 'One deletion of many customers, each by an erasure of its own.',
  id: {
    resolve: ({ id }) => id,
    description: 'Id of the bulk, opaque and unique among all objects of this API.',
  },
  isTypeOf: (value) => value !== null && typeof value === 'object' && 'pausedBy' in value,
  loadManyWithoutCache: (ids, context) => ids.map((id) => context.loaders().bulks.load(id)),
  fields: (t) => ({
    state: t.field({ type: BulkStateType, description: 'Where it stands.', resolve: ({ state }) => state }),
    reason: t.exposeString('reason', { description: 'Why, in the words of whoever asked.' }),
    integrationIds: t.idList({
      nullable: true,
      description: 'Ids of the integrations at which is deleted; null when it is everywhere.',
      resolve: ({ integrationIds }) => integrationIds && [...integrationIds],
    }),
    requestedBy: t.string({
      description: 'Who asked: the subject of their token.',
      resolve: ({ requester }) => requester.subject,
    }),
    requestedAt: t.expose('requestedAt', { type: 'DateTime', description: 'When it was asked for.' }),
    approvalExpiresAt: t.expose('approvalExpiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Until when it has to be approved; null when nobody has to.',
    }),
    decidedBy: t.exposeString('decidedBy', {
      nullable: true,
      description:
        'Subject of whoever approved or denied it, `gateway` when the time was over; null when nobody did.',
    }),
    decisionReason: t.exposeString('decisionReason', {
      nullable: true,
      description: 'Why it was denied; null when it was not.',
    }),
    pausedBy: t.exposeString('pausedBy', {
      nullable: true,
      description: 'Subject of whoever paused it; null when it is not paused.',
    }),
    pauseReason: t.exposeString('pauseReason', {
      nullable: true,
      description: 'Why it was paused; null when it is not paused.',
    }),
    pausedAt: t.expose('pausedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when it is paused; null when it is not paused.',
    }),
    cancelRequestedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When somebody asked to stop it; null when nobody did.',
      resolve: ({ cancelRequest }) => cancelRequest?.at ?? null,
    }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ended; null while it goes on.',
    }),
    sequence: t.exposeInt('sequence', {
      description: '1 or more, and higher with every change; resume after it with `bulkProgress(after)`.',
    }),
    counts: t.field({
      type: CountsType,
      description: 'Where its customers stand, in numbers.',
      resolve: ({ id }, _args, context) => context.loaders().bulkCounts.load(id),
    }),
    items: t.connection(
      {
        type: ItemType,
        description: 'Its customers, in the order of their ids.',
        args: {
          result: t.arg({
            type: BulkItemResultType,
            required: false,
            description: 'Only items with this result. Without it: all.',
          }),
        },
        resolve: ({ id }, { result, ...args }, context) =>
          connectionById(args, (stretch) => listItems(context.parts.store, id, result ?? undefined, stretch)),
      },
      { description: 'A page of customers of a bulk.' },
      { description: 'A customer of a bulk in a page.' },
    ),
  }),
});

/** A bulk that was just read or written, so that it is there. */
export async function loadBulk(context: Context, id: string): Promise<Bulk> {
  const bulk = await context.loaders().bulks.clear(id).load(id);
  if (!bulk) throw new Error('a bulk is gone');
  return bulk;
}

builder.queryFields((t) => ({
  bulk: t.field({
    type: BulkType,
    nullable: true,
    description: 'A deletion of many customers, by id. Null when there is none, and when it is not yours.',
    args: { id: t.arg.id({ required: true, description: 'Id of the bulk, as `bulk { id }` gives it.' }) },
    resolve: (_root, { id }, context) => context.loaders().bulks.load(decodeId('Bulk', id)),
  }),
  bulks: t.connection(
    {
      type: BulkType,
      description:
        'Deletions of many customers, in the order of their ids: all of them for roles that reach everyone, else those that you asked for.',
      resolve: (_root, args, context) =>
        connectionById(args, (stretch) => listBulks(context.parts.store, context.known(), stretch)),
    },
    { description: 'A page of bulks.' },
    { description: 'A bulk in a page.' },
  ),
}));
