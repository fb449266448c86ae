import { InvalidInputError } from '../customer/errors.ts';
import { ImportNotFoundError, type CustomerImport } from '../customer/import/import.ts';
import { watchImport } from '../customer/import/progress.ts';
import { ImportOpenError, startImport } from '../customer/import/start.ts';
import { builder } from './builder.ts';
import { ErrorInterface } from './errors.ts';
import { decodeId } from './ids.ts';
import { ImportType } from './import.ts';
import { badInput } from './refusals.ts';

const ImportCustomersInput = builder.inputType('ImportCustomersInput', {
  description: 'Whose accounts are imported.',
  fields: (t) => ({
    integrationId: t.id({ required: true, description: 'Id of an integration whose `canList` is true.' }),
    managerId: t.id({
      required: false,
      description: 'Id of the manager of customers that were not known. Without it: nobody manages them.',
    }),
    testCustomers: t.boolean({
      defaultValue: false,
      description: 'Whether customers that were not known are made for tests.',
    }),
  }),
});

const ImportPayload = builder.objectRef<{ import: CustomerImport }>('ImportCustomersPayload').implement({
  description: 'The import was accepted and is carried out whatever happens to the gateway.',
  fields: (t) => ({
    import: t.field({
      type: ImportType,
      description: 'The import as it begins.',
      resolve: (payload) => payload.import,
    }),
  }),
});

builder.mutationField('importCustomers', (t) =>
  t.field({
    type: ImportPayload,
    description:
      'Reads all accounts of an integration, links them to customers by e-mail address, and makes customers of those that nobody knows. Two customers never share an account, and nothing is guessed. Only for roles that reach all customers.',
    args: { input: t.arg({ type: ImportCustomersInput, required: true, description: 'Whose accounts.' }) },
    errors: {
      types: [ImportOpenError, InvalidInputError],
      union: { name: 'ImportCustomersResult', description: 'The accepted import, or why there is none.' },
    },
    resolve: async (_root, { input }, context) => {
      const { erasures, engine } = context.parts;
      const { integrationId, managerId = null, testCustomers } = input;
      const request = { integrationId, managerId, testCustomers: testCustomers ?? false };
      const id = await startImport(erasures, engine, context.caller(), request);
      return { import: (await context.loaders().imports.load(id))! };
    },
  }),
);

builder.subscriptionField('importProgress', (t) =>
  t.field({
    type: ImportType,
    description: 'An import as it stands, each time it has changed, until it ends.',
    args: {
      importId: t.arg.id({ required: true, description: 'Id of the import, as `importCustomers` gives it.' }),
    },
    subscribe: async function* (_root, { importId }, context) {
      const id = decodeId('CustomerImport', importId);
      try {
        yield* watchImport(context.parts.store, context.known(), id, context.gone());
      } catch (error) {
        if (error instanceof ImportNotFoundError) throw badInput(error.message);
        throw error;
      }
    },
    resolve: (current) => current,
  }),
);

builder.objectType(ImportOpenError, {
  name: 'ImportOpenError',
  description: 'Another import of the integration has not ended.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    import: t.field({
      type: ImportType,
      description: 'The import that has not ended.',
      resolve: async ({ importId }, _args, context) => (await context.loaders().imports.load(importId))!,
    }),
  }),
});
