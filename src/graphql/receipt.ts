import type { Receipt } from '../erasure/receipt.ts';
import { builder } from './builder.ts';
import { ErasureType } from './erasure.ts';
import { receiptPath } from './open-documents.ts';

const ReceiptType = builder.objectRef<Receipt>('Receipt').implement({
  description:
    'The signed proof of how an erasure ended. It names no person, and `customer-gateway verify-receipt` checks it offline.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Unguessable: who has it may fetch the receipt.' }),
    jws: t.exposeString('jws', {
      description: 'The receipt: a compact JWS (RFC 7515) of type `erasure-receipt+jwt`. It never changes.',
    }),
    issuedAt: t.expose('issuedAt', { type: 'DateTime', description: 'When it was signed.' }),
    path: t.string({
      description: 'Path at which this gateway answers it by GET, without a token.',
      resolve: ({ id }) => receiptPath(id),
    }),
  }),
});

builder.objectFields(ErasureType, (t) => ({
  receipt: t.field({
    type: ReceiptType,
    nullable: true,
    description:
      'The proof of how it ended. Null until it ends and, for a moment, until the receipt is signed. An erasure that ends again has another.',
    resolve: ({ id }, _args, context) => context.loaders().receipts.load(id),
  }),
}));
