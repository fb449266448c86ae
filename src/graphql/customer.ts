import type { Customer } from '../customer/customer.ts';
import { byEmailAddress } from '../customer/door.ts';
import { detailsAhead } from './accounts/ahead.ts';
import { AccountResult, itemsOf } from './accounts/result.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { decodeId } from './ids.ts';
import { ManagerType } from './manager.ts';
import { connectionById } from './pagination.ts';
import { badInput } from './refusals.ts';

export const CustomerType = builder.objectRef<Customer>('Customer');

builder.node(CustomerType, {
  description: 'A person, whatever the providers call them.',
  id: {
    resolve: (customer) => customer.id,
    description: 'Id of the customer, opaque and unique among all objects of this API.',
  },
  isTypeOf: (value) => value !== null && typeof value === 'object' && 'testCustomer' in value,
  loadManyWithoutCache: (ids, context) => ids.map((id) => context.loaders().customers.load({ id })),
  fields: (t) => ({
    email: t.expose('email', {
      type: 'EmailAddress',
      nullable: true,
      description: 'E-mail address; null when unknown, and after the customer was erased.',
    }),
    emailConfirmed: t.exposeBoolean('emailConfirmed', {
      description:
        'Whether accounts are found by the e-mail address. What a reseller registers has to be confirmed by who reaches all customers.',
    }),
    name: t.exposeString('name', {
      nullable: true,
      description: 'Name, at most 200 characters; null when unknown, and after the customer was erased.',
    }),
    testCustomer: t.exposeBoolean('testCustomer', {
      description: 'Whether the customer was made for tests.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'Since when the gateway knows the customer.',
    }),
    erasedAt: t.expose('erasedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the customer was erased everywhere; null while not.',
    }),
    manager: t.field({
      type: ManagerType,
      nullable: true,
      description: 'The manager of the customer; null when nobody manages them.',
      resolve: ({ managerId }, _args, context) =>
        managerId === null ? null : context.loaders().managers.load(managerId),
    }),
    accounts: t.field({
      type: [AccountResult],
      description:
        'What the integrations hold. An integration that was asked and holds nothing, or that no key is known for, has no item.',
      args: {
        integrationIds: t.arg.idList({
          required: false,
          description: 'Ask only these integrations, at most 100. Without it: all.',
        }),
      },
      resolve: async (customer, { integrationIds }, context, info) => {
        const only = integrationIds ? new Set(integrationIds) : undefined;
        const seen = detailsAhead(context, info);
        const reader = context.accounts('RECENT', customer.id);
        return (await reader.results(customer, only, { unlinked: false, seen })).flatMap(itemsOf);
      },
    }),
  }),
});

/** A customer of the viewer's, by its global id. */
export function loadCustomer(context: Context, globalId: string): Promise<Customer | null> {
  return context.loaders().customers.load({ id: decodeId('Customer', globalId) });
}

builder.asEntity(CustomerType, {
  key: [builder.selection<{ id: string }>('id'), builder.selection<{ email: string }>('email')],
  resolveReference: (reference, context) => {
    const { id, email } = reference as { id?: unknown; email?: unknown };
    if (typeof id === 'string') return loadCustomer(context, id);
    if (typeof email === 'string') return context.loaders().customers.load(byEmailAddress(email));
    throw badInput('A representation of a Customer has its `id` or its `email`.');
  },
});

const CustomerFilter = builder.inputType('CustomerFilter', {
  description: 'Which customers; all conditions hold together, and without any it is all of them.',
  fields: (t) => ({
    email: t.field({
      type: 'EmailAddress',
      required: false,
      description: 'Only with this e-mail address, in any case. Without it: with any or none.',
    }),
    managerId: t.id({
      required: false,
      description: 'Only those managed by this manager or by one below it. Without it: by anybody or nobody.',
    }),
    testCustomer: t.boolean({
      required: false,
      description: '`true`: only those made for tests; `false`: only the others. Without it: all.',
    }),
  }),
});

builder.queryFields((t) => ({
  customer: t.field({
    type: CustomerType,
    nullable: true,
    description: 'A customer by id. Null when there is none, and when it is not yours.',
    args: {
      id: t.arg.id({ required: true, description: 'Id of the customer, as `customer { id }` gives it.' }),
    },
    resolve: (_root, { id }, context) => loadCustomer(context, id),
  }),
  customerByEmail: t.field({
    type: CustomerType,
    nullable: true,
    description:
      'A customer by e-mail address, in any case. Null when there is none, and when it is not yours.',
    args: { email: t.arg({ type: 'EmailAddress', required: true, description: 'The e-mail address.' }) },
    resolve: (_root, { email }, context) => context.loaders().customers.load(byEmailAddress(email)),
  }),
  customers: t.connection(
    {
      type: CustomerType,
      description: 'Customers that are not erased, in the order of their ids: any, but always the same.',
      args: {
        filter: t.arg({
          type: CustomerFilter,
          required: false,
          description: 'Which customers. Without it: all of yours.',
        }),
      },
      resolve: (_root, { filter, ...args }, context) => {
        const wanted = {
          email: filter?.email ?? undefined,
          managerId: filter?.managerId ?? undefined,
          testCustomer: filter?.testCustomer ?? undefined,
        };
        return connectionById(args, async (stretch) => {
          const found = await context.parts.directory.list(context.known(), wanted, stretch);
          for (const customer of found) context.loaders().customers.prime({ id: customer.id }, customer);
          return found;
        });
      },
    },
    { description: 'A page of customers.' },
    { description: 'A customer in a page.' },
  ),
}));
