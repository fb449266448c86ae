import {
  DELIVERY_STATES,
  listDeliveries,
  type DeliveryState,
  type WebhookDelivery,
} from '../webhooks/delivery.ts';
import { redeliver, WebhookDeliveryNotFoundError, WebhookEndpointGoneError } from '../webhooks/redeliver.ts';
import { builder } from './builder.ts';
import { ErrorInterface } from './errors.ts';
import { connectionByNumber } from './pagination.ts';
import { badInput } from './refusals.ts';

const states: Record<DeliveryState, { description: string }> = {
  PENDING: {
    description: 'It has yet to arrive, and is tried until it does or has been tried often enough.',
  },
  DELIVERED: { description: 'The receiver has taken it.' },
  DEAD: {
    description: 'It was given up: the receiver never took it, wants it no more, or is not configured.',
  },
};

const DeliveryStateType = builder.enumType('WebhookDeliveryState', {
  description: 'Where a delivery stands.',
  values: states satisfies Record<(typeof DELIVERY_STATES)[number], object>,
});

const DeliveryType = builder.objectRef<WebhookDelivery>('WebhookDelivery').implement({
  description: 'One event on its way to one endpoint. It is forgotten 30 days after its end.',
  fields: (t) => ({
    id: t.id({
      description: 'Id of the delivery, a whole number; deliveries are listed in this order.',
      resolve: ({ id }) => String(id),
    }),
    endpointId: t.exposeID('endpointId', { description: 'To whom, as the configuration names it.' }),
    eventId: t.exposeID('eventId', {
      description: 'The `webhook-id` of its message, the same in every try and at every endpoint.',
    }),
    type: t.exposeString('type', {
      description: 'Type of the event: a noun and a verb, such as `erasure.completed`. More may come.',
    }),
    state: t.field({
      type: DeliveryStateType,
      description: 'Where it stands.',
      resolve: ({ state }) => state,
    }),
    attempts: t.exposeInt('attempts', {
      description: 'How often it was tried since it was asked for, or asked for again, 0 or more.',
    }),
    nextTryAt: t.expose('nextTryAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it is tried next; null when it is not.',
    }),
    lastStatus: t.exposeInt('lastStatus', {
      nullable: true,
      description: 'HTTP status that the receiver answered last, 100 to 599; null when no answer came.',
    }),
    lastError: t.exposeString('lastError', {
      nullable: true,
      description: 'What was wrong with the last try; null when nothing was.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the event happened.' }),
  }),
});

function deliveryNumber(id: string): number {
  if (!/^\d{1,15}$/.test(id)) throw badInput('This is not the id of a delivery.');
  return Number(id);
}

builder.queryField('webhookDeliveries', (t) =>
  t.connection(
    {
      type: DeliveryType,
      description:
        'Events on their way to endpoints, in the order in which they happened. Those that are `DEAD` are the dead-letter list. Only for roles that reach all customers; others see none.',
      args: {
        state: t.arg({
          type: DeliveryStateType,
          required: false,
          description: 'Only those in this state. Without it: in any.',
        }),
        endpointId: t.arg.id({
          required: false,
          description: 'Only those to this endpoint, as the configuration names it. Without it: to all.',
        }),
      },
      resolve: (_root, { state, endpointId, ...args }, context) => {
        const filter = { state: state ?? undefined, endpointId: endpointId ?? undefined };
        return connectionByNumber(args, (stretch) =>
          listDeliveries(context.parts.store, context.known(), filter, stretch),
        );
      },
    },
    { description: 'A page of deliveries.' },
    { description: 'A delivery in a page.' },
  ),
);

const RedeliverWebhookInput = builder.inputType('RedeliverWebhookInput', {
  description: 'What is to be delivered again.',
  fields: (t) => ({
    deliveryId: t.id({ required: true, description: 'Id of the delivery, as `webhookDeliveries` lists it.' }),
  }),
});

const RedeliverWebhookPayload = builder
  .objectRef<{ delivery: WebhookDelivery }>('RedeliverWebhookPayload')
  .implement({
    description: 'The delivery was begun anew.',
    fields: (t) => ({
      delivery: t.field({
        type: DeliveryType,
        description: 'The delivery as it is now.',
        resolve: ({ delivery }) => delivery,
      }),
    }),
  });

builder.objectType(WebhookDeliveryNotFoundError, {
  name: 'WebhookDeliveryNotFoundError',
  description: 'There is no such delivery, or no longer.',
  interfaces: [ErrorInterface],
});

builder.objectType(WebhookEndpointGoneError, {
  name: 'WebhookEndpointGoneError',
  description: 'The endpoint of the delivery is no longer configured.',
  interfaces: [ErrorInterface],
});

builder.mutationField('redeliverWebhook', (t) =>
  t.field({
    type: RedeliverWebhookPayload,
    description:
      'Begins a delivery anew, whatever it came to: at once, and with all its tries. Its message keeps its `webhook-id`, so a receiver that has it already can drop it.',
    args: { input: t.arg({ type: RedeliverWebhookInput, required: true, description: 'Which delivery.' }) },
    errors: {
      types: [WebhookDeliveryNotFoundError, WebhookEndpointGoneError],
      union: {
        name: 'RedeliverWebhookResult',
        description: 'The delivery that was begun anew, or why none was.',
      },
    },
    resolve: async (_root, { input }, context) => {
      const { webhooks, engine } = context.parts;
      const deliveryId = deliveryNumber(input.deliveryId);
      return { delivery: await redeliver(webhooks, engine, context.caller(), deliveryId) };
    },
  }),
);
