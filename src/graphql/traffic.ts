import type { Circuit, RateLimit, Traffic } from '../providers/provider.ts';
import { builder } from './builder.ts';
import { IntegrationType } from './integration.ts';

const circuits: Record<Circuit, { description: string }> = {
  CLOSED: { description: 'Calls reach the provider.' },
  OPEN: { description: 'The provider failed five times in a row; nothing is sent for 30 seconds.' },
  HALF_OPEN: { description: 'One call is on its way, to see whether the provider is back.' },
};

const CircuitType = builder.enumType('Circuit', {
  description: 'State of the circuit breaker before an integration.',
  values: circuits,
});

const TrafficType = builder.objectRef<Traffic>('Traffic').implement({
  description: 'What is going on before an integration, in the process that answers.',
  fields: (t) => ({
    circuit: t.field({
      type: CircuitType,
      description: 'Whether calls reach the provider.',
      resolve: ({ circuit }) => circuit,
    }),
    running: t.exposeInt('running', {
      description:
        'How many calls were sent and are not answered yet, 16 at the most unless the configuration says otherwise.',
    }),
    waiting: t.exposeInt('waiting', { description: 'How many calls wait for their turn.' }),
  }),
});

const RateLimitType = builder.objectRef<RateLimit>('RateLimit').implement({
  description: 'The most requests in any stretch of time of a length; all processes of the gateway share it.',
  fields: (t) => ({
    requests: t.exposeInt('requests', { description: 'How many requests, 1 or more.' }),
    perSeconds: t.exposeFloat('perSeconds', { description: 'Length of the stretch, in seconds.' }),
  }),
});

builder.objectFields(IntegrationType, (t) => ({
  traffic: t.field({
    type: TrafficType,
    description: 'Calls that run and wait now, and whether the provider is being called.',
    resolve: ({ gate }) => gate.traffic(),
  }),
  rateLimit: t.field({
    type: RateLimitType,
    nullable: true,
    description:
      'Limit that the gateway keeps; null where neither the provider nor the configuration names one.',
    resolve: ({ rateLimit }) => rateLimit,
  }),
}));
