import type { WrittenEntry } from '../audit/read.ts';
import type { Engine } from '../engine/engine.ts';
import type { Tx } from '../store/store.ts';
import { enqueueAttempt } from './attempt.ts';
import { isMeant, type WebhookEndpoint } from './endpoint.ts';
import { eventOf, type GlobalId, type WebhookEvent } from './event.ts';

/** So long a delivery is kept after it has ended. */
const KEPT_MS = 30 * 24 * 3_600_000;

/** One delivery for each endpoint, and none for one that has it already. Returns the ids of those that are new. */
async function insert(
  tx: Tx,
  { id, type, body }: WebhookEvent,
  wanting: readonly WebhookEndpoint[],
  at: Date,
): Promise<number[]> {
  const rows = await tx
    .insertInto('webhook_delivery')
    .values(
      wanting.map((endpoint) => ({
        endpoint_id: endpoint.id,
        event_id: id,
        type,
        body,
        state: 'PENDING',
        next_at: at,
        created_at: at,
      })),
    )
    .onConflict((c) => c.columns(['endpoint_id', 'event_id']).doNothing())
    .returning('id')
    .execute();
  return rows.map((row) => row.id);
}

/**
 * Turns audit entries into deliveries, in the transaction that takes the entries from the log. What is there to be told
 * so reaches every endpoint at least once, whatever happens to the process; in no certain order.
 */
export function fanOut(
  engine: Engine,
  endpoints: readonly WebhookEndpoint[],
  globalId: GlobalId,
): (tx: Tx, entries: readonly WrittenEntry[]) => Promise<void> {
  return async (tx, entries) => {
    for (const entry of entries) {
      const event = eventOf(entry, globalId);
      const wanting = event ? endpoints.filter(({ types }) => !types || isMeant(event.type, types)) : [];
      if (!event || wanting.length === 0) continue;
      for (const deliveryId of await insert(tx, event, wanting, entry.at))
        await enqueueAttempt(engine, tx, { deliveryId, round: 0, number: 0 });
    }
    const newest = entries.at(-1);
    if (!newest) return;
    const before = new Date(newest.at.getTime() - KEPT_MS);
    await tx.deleteFrom('webhook_delivery').where('finished_at', '<', before).execute();
  };
}
