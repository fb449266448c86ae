import type { Selectable } from 'kysely';
import { reachOf, type Viewer } from '../access/viewer.ts';
import type { WebhookDeliveryTable } from '../store/traffic-tables.ts';
import type { Store } from '../store/store.ts';

/** Where a delivery stands. DEAD is given up: those are the dead-letter list. */
export const DELIVERY_STATES = ['PENDING', 'DELIVERED', 'DEAD'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** One event on its way to one endpoint. */
export interface WebhookDelivery {
  id: number;
  endpointId: string;
  eventId: string;
  type: string;
  state: DeliveryState;
  attempts: number;
  nextTryAt: Date | null;
  lastStatus: number | null;
  lastError: string | null;
  createdAt: Date;
}

export const deliveryOf = (row: Selectable<WebhookDeliveryTable>): WebhookDelivery => ({
  id: row.id,
  endpointId: row.endpoint_id,
  eventId: row.event_id,
  type: row.type,
  state: row.state as DeliveryState,
  attempts: row.attempts,
  nextTryAt: row.next_at,
  lastStatus: row.last_status,
  lastError: row.last_error,
  createdAt: row.created_at,
});

/** In the order of their events. Only viewers who reach everyone see any: they tell of everyone's erasures. */
export async function listDeliveries(
  store: Store,
  viewer: Viewer,
  filter: { state?: DeliveryState | undefined; endpointId?: string | undefined },
  stretch: { after?: number | undefined; before?: number | undefined; limit: number; backwards: boolean },
): Promise<WebhookDelivery[]> {
  if (!reachOf(viewer).everyone) return [];
  let query = store.db.selectFrom('webhook_delivery').selectAll();
  if (filter.state !== undefined) query = query.where('state', '=', filter.state);
  if (filter.endpointId !== undefined) query = query.where('endpoint_id', '=', filter.endpointId);
  if (stretch.after !== undefined) query = query.where('id', '>', stretch.after);
  if (stretch.before !== undefined) query = query.where('id', '<', stretch.before);
  const rows = await query
    .orderBy('id', stretch.backwards ? 'desc' : 'asc')
    .limit(stretch.limit)
    .execute();
  return rows.map(deliveryOf);
}
