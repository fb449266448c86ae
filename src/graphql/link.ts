import { CustomerNotFoundError, type Customer } from '../customer/customer.ts';
import {
  AccountLinkedError,
  AccountNotFoundError,
  IntegrationFailedError,
  InvalidInputError,
} from '../customer/errors.ts';
import { linkAccount, unlinkAccount } from '../customer/link-account.ts';
import type { Link } from '../customer/links.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { CustomerType, loadCustomer } from './customer.ts';
import { decodeId } from './ids.ts';
import { IntegrationType, KeyKindType } from './integration.ts';

const LinkType = builder.objectRef<Link>('AccountLink').implement({
  description: 'The stored fact that a customer is a certain account at an integration.',
  fields: (t) => ({
    integration: t.field({
      type: IntegrationType,
      nullable: true,
      description: 'Where the account is; null when the integration is no longer configured.',
      resolve: ({ integrationId }, _args, context) => context.integration(integrationId),
    }),
    kind: t.field({
      type: KeyKindType,
      description: 'What the account is known by.',
      resolve: ({ key }) => key.kind,
    }),
    key: t.string({
      description: 'The key itself, 1 to 512 characters without control characters.',
      resolve: ({ key }) => key.value,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'Since when the link is known.' }),
  }),
});

builder.objectField(CustomerType, 'links', (t) =>
  t.field({
    type: [LinkType],
    description: 'Accounts that the customer is known to be, whether or not they are there now.',
    resolve: async ({ id }, _args, context) => [...(await context.loaders().links.load(id))],
  }),
);

const AccountLinkInput = builder.inputType('AccountLinkInput', {
  description: 'A customer, and an account at an integration.',
  fields: (t) => ({
    customerId: t.id({ required: true, description: 'Id of the customer, as `customer { id }` gives it.' }),
    integrationId: t.id({
      required: true,
      description: 'Id of the integration, as the configuration names it.',
    }),
    kind: t.field({ type: KeyKindType, required: true, description: 'What the account is known by there.' }),
    key: t.string({
      required: true,
      description: 'The key itself, 1 to 512 characters without control characters.',
    }),
  }),
});

const LinkPayload = builder.objectRef<{ customer: Customer }>('AccountLinkPayload').implement({
  description: 'The customer with its links as they are now.',
  fields: (t) => ({
    customer: t.field({
      type: CustomerType,
      description: 'The customer, whose `links` have changed.',
      resolve: ({ customer }) => customer,
    }),
  }),
});

async function after(context: Context, customerId: string): Promise<{ customer: Customer }> {
  context.refresh();
  return { customer: (await loadCustomer(context, customerId))! };
}

const requestOf = (input: typeof AccountLinkInput.$inferInput) => ({
  customerId: decodeId('Customer', input.customerId),
  integrationId: input.integrationId,
  key: { kind: input.kind, value: input.key },
});

builder.mutationFields((t) => ({
  linkAccount: t.field({
    type: LinkPayload,
    description:
      "Links a customer to an account. Where the provider can be asked, the account has to be there, and it must not be another customer's. Linking the same again changes nothing. Only for roles that reach all customers.",
    args: {
      input: t.arg({ type: AccountLinkInput, required: true, description: 'Which customer and account.' }),
    },
    errors: {
      types: [
        CustomerNotFoundError,
        AccountNotFoundError,
        AccountLinkedError,
        IntegrationFailedError,
        InvalidInputError,
      ],
      union: {
        name: 'LinkAccountResult',
        description: 'The customer with the new link, or why there is none.',
      },
    },
    resolve: async (_root, { input }, context) => {
      await linkAccount(context.parts.erasures, context.caller(), requestOf(input));
      return after(context, input.customerId);
    },
  }),
  unlinkAccount: t.field({
    type: LinkPayload,
    description:
      'Forgets a link. The account itself stays as it is. Forgetting what is not there changes nothing. Only for roles that reach all customers.',
    args: {
      input: t.arg({ type: AccountLinkInput, required: true, description: 'Which customer and account.' }),
    },
    errors: {
      types: [CustomerNotFoundError, InvalidInputError],
      union: {
        name: 'UnlinkAccountResult',
        description: 'The customer without the link, or why it is kept.',
      },
    },
    resolve: async (_root, { input }, context) => {
      await unlinkAccount(context.parts.erasures, context.caller(), requestOf(input));
      return after(context, input.customerId);
    },
  }),
}));
