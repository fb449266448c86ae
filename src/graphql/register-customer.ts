import { assignManager } from '../customer/assign-manager.ts';
import { confirmEmail } from '../customer/confirm-email.ts';
import { createCustomer } from '../customer/create.ts';
import { CustomerNotFoundError, type Customer } from '../customer/customer.ts';
import {
  AccountExistsError,
  EmailTakenError,
  IntegrationFailedError,
  InvalidInputError,
} from '../customer/errors.ts';
import { registerCustomer } from '../customer/register.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { CustomerType, loadCustomer } from './customer.ts';
import { decodeId, encodeId } from './ids.ts';

const CustomerPayload = builder.objectRef<{ customer: Customer }>('CustomerPayload').implement({
  description: 'The customer as it is now.',
  fields: (t) => ({
    customer: t.field({
      type: CustomerType,
      description: 'The customer after the change.',
      resolve: ({ customer }) => customer,
    }),
  }),
});

const NAME = 'Name, at most 200 characters. Without it: unknown.';
const MANAGER = "Who manages the customer. Without it: the caller's own manager, where there is one.";
const TEST = 'Whether the customer is made for tests, so that it can be listed and removed as such.';

const RegisterCustomerInput = builder.inputType('RegisterCustomerInput', {
  description: 'A customer that the gateway is to know. An e-mail address or a name is needed.',
  fields: (t) => ({
    email: t.field({
      type: 'EmailAddress',
      required: false,
      description: 'E-mail address, at most 254 characters; no two share one. Without it: unknown.',
    }),
    name: t.string({ required: false, description: NAME }),
    managerId: t.id({ required: false, description: MANAGER }),
    testCustomer: t.boolean({ defaultValue: false, description: TEST }),
  }),
});

const CreateCustomerInput = builder.inputType('CreateCustomerInput', {
  description: 'A customer that is to be made at an integration and known to the gateway.',
  fields: (t) => ({
    integrationId: t.id({
      required: true,
      description: 'Where the account is made; one whose `canCreate` is true.',
    }),
    email: t.field({
      type: 'EmailAddress',
      required: true,
      description: 'E-mail address, at most 254 characters; no two share one.',
    }),
    name: t.string({ required: false, description: NAME }),
    managerId: t.id({ required: false, description: MANAGER }),
    testCustomer: t.boolean({ defaultValue: false, description: TEST }),
  }),
});

const AssignManagerInput = builder.inputType('AssignManagerInput', {
  description: 'A customer, and who manages it from now on.',
  fields: (t) => ({
    customerId: t.id({ required: true, description: 'Id of the customer, as `customer { id }` gives it.' }),
    managerId: t.id({
      required: false,
      description: 'Id of the manager. Without it: nobody manages the customer.',
    }),
  }),
});

const ConfirmEmailInput = builder.inputType('ConfirmEmailInput', {
  description: 'Whose e-mail address is confirmed.',
  fields: (t) => ({
    customerId: t.id({ required: true, description: 'Id of the customer, as `customer { id }` gives it.' }),
  }),
});

async function shown(context: Context, id: string): Promise<{ customer: Customer }> {
  context.refresh();
  return { customer: (await loadCustomer(context, encodeId('Customer', id)))! };
}

builder.mutationFields((t) => ({
  registerCustomer: t.field({
    type: CustomerPayload,
    description: 'Makes a customer known to the gateway. Nothing is created at a provider.',
    args: {
      input: t.arg({ type: RegisterCustomerInput, required: true, description: 'Who is made known.' }),
    },
    errors: {
      types: [EmailTakenError, InvalidInputError],
      union: { name: 'RegisterCustomerResult', description: 'The customer, or why it is not known.' },
    },
    resolve: async (_root, { input }, context) => {
      const { email = null, name = null, managerId, testCustomer } = input;
      const registration = { email, name, managerId, testCustomer: testCustomer ?? false };
      return shown(context, await registerCustomer(context.parts.erasures, context.caller(), registration));
    },
  }),
  createCustomer: t.field({
    type: CustomerPayload,
    description:
      'Creates a customer at an integration, without a password of its own, and makes it known to the gateway.',
    args: {
      input: t.arg({ type: CreateCustomerInput, required: true, description: 'Who is created, and where.' }),
    },
    errors: {
      types: [EmailTakenError, AccountExistsError, IntegrationFailedError, InvalidInputError],
      union: { name: 'CreateCustomerResult', description: 'The customer, or why it was not created.' },
    },
    resolve: async (_root, { input }, context) => {
      const { email, integrationId, name = null, managerId, testCustomer } = input;
      const creation = { email, integrationId, name, managerId, testCustomer: testCustomer ?? false };
      return shown(context, await createCustomer(context.parts.erasures, context.caller(), creation));
    },
  }),
  confirmEmail: t.field({
    type: CustomerPayload,
    description:
      'Vouches for the e-mail address that a reseller registered a customer with, so that accounts are found by it. Only for roles that reach all customers.',
    args: { input: t.arg({ type: ConfirmEmailInput, required: true, description: 'Whose address.' }) },
    errors: {
      types: [CustomerNotFoundError, InvalidInputError],
      union: {
        name: 'ConfirmEmailResult',
        description: 'The customer, or why the address is not confirmed.',
      },
    },
    resolve: async (_root, { input }, context) => {
      const customerId = decodeId('Customer', input.customerId);
      await confirmEmail(context.parts.erasures, context.caller(), customerId);
      return shown(context, customerId);
    },
  }),
  assignManager: t.field({
    type: CustomerPayload,
    description: 'Puts a customer under another manager. Both have to be yours.',
    args: {
      input: t.arg({ type: AssignManagerInput, required: true, description: 'The customer and manager.' }),
    },
    errors: {
      types: [CustomerNotFoundError, InvalidInputError],
      union: { name: 'AssignManagerResult', description: 'The customer, or why it stays where it is.' },
    },
    resolve: async (_root, { input }, context) => {
      const customerId = decodeId('Customer', input.customerId);
      const managerId = input.managerId ?? null;
      await assignManager(context.parts.erasures, context.caller(), { customerId, managerId });
      return shown(context, customerId);
    },
  }),
}));
