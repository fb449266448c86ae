import type { Blocker } from './errors.ts';
import type { Plan } from './plan.ts';

const HOLD: Blocker = {
  code: 'HOLD',
  message: 'A hold forbids to delete the customer.',
  integrationId: null,
};

/** Everything that forbids what a plan is for. */
export function blockersOf({ customer, items, held }: Pick<Plan, 'customer' | 'items' | 'held'>): Blocker[] {
  const erased = { code: 'ALREADY_ERASED', message: 'The customer was already erased.', integrationId: null };
  return [
    ...(customer.erasedAt ? [erased] : []),
    ...(held ? [HOLD] : []),
    ...items.flatMap(({ blockers, integration }) =>
      blockers.map((one) => ({ ...one, integrationId: integration.id })),
    ),
  ];
}
