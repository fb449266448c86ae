import type { Principal } from '../access/viewer.ts';
import { record } from '../audit/log.ts';
import type { Engine } from '../engine/engine.ts';
import { enqueueAttempt } from './attempt.ts';
import type { WebhookContext } from './context.ts';
import { deliveryOf, type WebhookDelivery } from './delivery.ts';

/** There is no such delivery, or no longer: ended ones are kept for 30 days. */
export class WebhookDeliveryNotFoundError extends Error {
  override readonly name = 'WebhookDeliveryNotFoundError';

  constructor() {
    super('There is no such delivery.');
  }
}

/** Nobody would receive it. */
export class WebhookEndpointGoneError extends Error {
  override readonly name = 'WebhookEndpointGoneError';

  constructor() {
    super('The endpoint is no longer configured.');
  }
}

/**
 * Begins a delivery anew, whatever it came to: at once, and with all its tries. The message keeps its `webhook-id`.
 *
 * @throws {WebhookDeliveryNotFoundError | WebhookEndpointGoneError}
 */
export async function redeliver(
  { store, clock, outlets }: WebhookContext,
  engine: Engine,
  { viewer, requestId }: { viewer: Principal; requestId: string },
  deliveryId: number,
): Promise<WebhookDelivery> {
  const at = clock.now();
  return store.transaction(async (tx) => {
    const row = await tx
      .updateTable('webhook_delivery')
      .set((eb) => ({
        state: 'PENDING',
        round: eb('round', '+', 1),
        attempts: 0,
        next_at: at,
        finished_at: null,
      }))
      .where('id', '=', deliveryId)
      .returningAll()
      .executeTakeFirst();
    if (!row) throw new WebhookDeliveryNotFoundError();
    const { endpoint_id: endpointId, event_id: eventId, round } = row;
    if (!outlets.has(endpointId)) throw new WebhookEndpointGoneError();
    await enqueueAttempt(engine, tx, { deliveryId, round, number: 0 });
    const details = { deliveryId, endpointId, eventId };
    await record(tx, { actor: viewer, requestId, action: 'webhook.redelivered', details }, at);
    return deliveryOf(row);
  });
}
