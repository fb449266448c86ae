import { CustomerNotFoundError } from '../customer/customer.ts';
import { InvalidInputError } from '../customer/errors.ts';
import { exportCustomer } from '../customer/export.ts';
import { builder } from './builder.ts';
import { decodeId, encodeId } from './ids.ts';

const ExportCustomerInput = builder.inputType('ExportCustomerInput', {
  description: 'Whose data is exported, and why.',
  fields: (t) => ({
    customerId: t.id({ required: true, description: 'Id of the customer, as `customer { id }` gives it.' }),
    reason: t.string({
      required: true,
      description: 'Why, 1 to 500 characters. It is kept in the audit log: name no person in it.',
    }),
  }),
});

const ExportCustomerPayload = builder.objectRef<{ document: unknown }>('ExportCustomerPayload').implement({
  description: 'What is held about the customer. The gateway keeps no copy.',
  fields: (t) => ({
    document: t.expose('document', {
      type: 'JSON',
      description:
        'The customer, links, erasures and, per account, all that the provider told. `failures` names what could not be read; then `complete` is false. `notLinked` are integrations that no key of the customer is known for.',
    }),
  }),
});

builder.mutationField('exportCustomer', (t) =>
  t.field({
    type: ExportCustomerPayload,
    description:
      'Exports everything that the gateway and the providers hold about a customer. `POST /export` streams the same document. Needs the scope `customers:export`.',
    args: {
      input: t.arg({ type: ExportCustomerInput, required: true, description: 'Whose data, and why.' }),
    },
    errors: {
      types: [CustomerNotFoundError, InvalidInputError],
      union: { name: 'ExportCustomerResult', description: 'The export, or why there is none.' },
    },
    resolve: async (_root, { input }, context) => {
      const customerId = decodeId('Customer', input.customerId);
      const request = { customerId, reason: input.reason, idOf: encodeId };
      const reader = context.accounts('FRESH');
      const chunks: string[] = [];
      const document = await exportCustomer(context.parts.erasures, context.caller(), reader, request);
      for await (const chunk of document) chunks.push(chunk);
      return { document: JSON.parse(chunks.join('')) as unknown };
    },
  }),
);
