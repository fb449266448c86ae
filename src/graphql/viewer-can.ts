import type { Customer } from '../customer/customer.ts';
import { permissionsOf, type IntegrationPermission } from '../erasure/permission.ts';
import { makePlan } from '../erasure/plan.ts';
import type { Notice } from '../providers/provider.ts';
import { builder } from './builder.ts';
import { CustomerType } from './customer.ts';
import { IntegrationType } from './integration.ts';

const ReasonType = builder.objectRef<Notice>('Reason').implement({
  description: 'Why something may not be done, or may be done in vain.',
  fields: (t) => ({
    code: t.exposeString('code', {
      description: 'What it is, for programs; the field that lists it names the codes. More may come.',
    }),
    message: t.exposeString('message', { description: 'What it is, in words.' }),
  }),
});

const IntegrationPermissionType = builder
  .objectRef<IntegrationPermission>('IntegrationDeletePermission')
  .implement({
    description: 'Whether a deletion would be begun at one integration.',
    fields: (t) => ({
      integration: t.field({
        type: IntegrationType,
        description: 'Where.',
        resolve: ({ integration }) => integration,
      }),
      allowed: t.exposeBoolean('allowed', {
        description:
          'Whether it would be begun there, once nothing speaks against it for the customer as a whole. One integration that forbids it forbids a deletion everywhere; one that is `NOT_LINKED` is only left out.',
      }),
      reasons: t.field({
        type: [ReasonType],
        description:
          'Why not: `NOT_LINKED` (no key is known there), `CAP_REACHED`, or a blocker of the plan, such as `ACTIVE_SUBSCRIPTION`, `CREDENTIAL_OWNER`, `PROTECTED` or `AMBIGUOUS`. And, where it is allowed, what is not known: `NOT_REACHED`, for an erasure looks again before it deletes, or `NOT_CONFIRMED`, for only the delete shows whether there is an account.',
        resolve: ({ reasons }) => [...reasons],
      }),
    }),
  });

const DeletePermissionType = builder.objectRef<Customer>('DeletePermission').implement({
  description: 'Whether the viewer may delete the customer, now.',
  fields: (t) => ({
    allowed: t.boolean({
      description: 'Whether `deleteCustomer` would be accepted, as far as no provider has to be asked.',
      resolve: async (customer, _args, context) =>
        (await context.loaders().refusals.load(customer)).length === 0,
    }),
    reasons: t.field({
      type: [ReasonType],
      description:
        'Why not: `MISSING_SCOPE`, `ALREADY_ERASED`, `HOLD`, `ERASURE_OPEN`, or `CAP_REACHED`, which an `overrideReason` may pass. Empty when it is allowed. A pause is none: what is asked for meanwhile waits.',
      resolve: async (customer, _args, context) => [...(await context.loaders().refusals.load(customer))],
    }),
    integrations: t.field({
      type: [IntegrationPermissionType],
      description: 'What holds at each integration besides. Asks the providers, as a plan does.',
      resolve: async (customer, _args, context) => {
        const now = context.parts.erasures.clock.now();
        const reader = context.accounts('RECENT', customer.id);
        const plan = await makePlan(reader, customer, undefined, now, false);
        return permissionsOf(plan, (id) => context.loaders().refusalsAt.load(id));
      },
    }),
  }),
});

const CustomerPermissionsType = builder.objectRef<Customer>('CustomerPermissions').implement({
  description: 'What the viewer may do with a customer, before anyone tries.',
  fields: (t) => ({
    delete: t.field({
      type: DeletePermissionType,
      description: 'Deleting them.',
      resolve: (customer) => customer,
    }),
  }),
});

builder.objectField(CustomerType, 'viewerCan', (t) =>
  t.field({
    type: CustomerPermissionsType,
    description: 'What the viewer may do with the customer.',
    resolve: (customer) => customer,
  }),
);
