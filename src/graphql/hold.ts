import { CustomerNotFoundError } from '../customer/customer.ts';
import { InvalidInputError } from '../customer/errors.ts';
import { HoldNotFoundError, placeHold, releaseHold, type Hold } from '../erasure/hold.ts';
import { builder } from './builder.ts';
import { CustomerType } from './customer.ts';
import { ErrorInterface } from './errors.ts';
import { decodeId, UUID } from './ids.ts';
import { badInput } from './refusals.ts';

const HoldType = builder.objectRef<Hold>('Hold').implement({
  description: 'A standing order that a customer must not be deleted.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Id of the hold, a UUID.' }),
    ground: t.exposeString('ground', { description: 'Why, in the words of whoever placed it.' }),
    placedBy: t.exposeString('placedBy', { description: 'Subject of whoever placed it.' }),
    placedAt: t.expose('placedAt', { type: 'DateTime', description: 'Since when it stands.' }),
    releasedAt: t.expose('releasedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was released; null while it stands.',
    }),
  }),
});

builder.objectField(CustomerType, 'holds', (t) =>
  t.field({
    type: [HoldType],
    nullable: true,
    description: 'The holds that stand, the earliest first. Only with the scope `holds:write`; null without.',
    resolve: async ({ id }, _args, context) => [...(await context.loaders().holds.load(id))],
  }),
);

const PlaceHoldInput = builder.inputType('PlaceHoldInput', {
  description: 'Whom to keep from being deleted, and why.',
  fields: (t) => ({
    customerId: t.id({ required: true, description: 'Id of the customer, as `customer { id }` gives it.' }),
    ground: t.string({
      required: true,
      description:
        'Why, 1 to 500 characters: a lawsuit, a dispute. It may get into a receipt, so it must not name the customer.',
    }),
  }),
});

const ReleaseHoldInput = builder.inputType('ReleaseHoldInput', {
  description: 'Which hold ends, and why.',
  fields: (t) => ({
    holdId: t.id({ required: true, description: 'Id of the hold, a UUID.' }),
    reason: t.string({
      required: true,
      description: 'Why, 1 to 500 characters. It is kept in the audit log: name no person in it.',
    }),
  }),
});

const HoldPayload = builder.objectRef<{ hold: Hold }>('HoldPayload').implement({
  description: 'The hold as it is now.',
  fields: (t) => ({
    hold: t.field({ type: HoldType, description: 'The hold after the change.', resolve: ({ hold }) => hold }),
  }),
});

builder.objectType(HoldNotFoundError, {
  name: 'HoldNotFoundError',
  description: 'There is no such hold that stands.',
  interfaces: [ErrorInterface],
});

builder.mutationFields((t) => ({
  placeHold: t.field({
    type: HoldPayload,
    description:
      'Forbids to delete a customer until the hold is released. An erasure that is under way stops before its next delete, and its tasks end as `RETAINED`.',
    args: { input: t.arg({ type: PlaceHoldInput, required: true, description: 'Whom, and why.' }) },
    errors: {
      types: [CustomerNotFoundError, InvalidInputError],
      union: { name: 'PlaceHoldResult', description: 'The hold, or why there is none.' },
    },
    resolve: async (_root, { input }, context) => {
      const { erasures, engine } = context.parts;
      const wanted = { customerId: decodeId('Customer', input.customerId), ground: input.ground };
      return { hold: await placeHold(erasures, engine, context.caller(), wanted) };
    },
  }),
  releaseHold: t.field({
    type: HoldPayload,
    description: 'Ends a hold. What it has stopped is not begun again by itself.',
    args: { input: t.arg({ type: ReleaseHoldInput, required: true, description: 'Which, and why.' }) },
    errors: {
      types: [HoldNotFoundError, InvalidInputError],
      union: { name: 'ReleaseHoldResult', description: 'The ended hold, or why it stands.' },
    },
    resolve: async (_root, { input: { holdId, reason } }, context) => {
      if (!UUID.test(holdId)) throw badInput('This is not the id of a hold.');
      return { hold: await releaseHold(context.parts.erasures, context.caller(), { holdId, reason }) };
    },
  }),
}));
