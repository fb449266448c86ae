import type { Advance, Engine } from '../engine/engine.ts';
import { attemptOf, enqueueAttempt, type Attempt } from './attempt.ts';
import type { WebhookContext } from './context.ts';
import type { DeliveryState } from './delivery.ts';
import type { Answer } from './outlet.ts';
import { waitAfter } from './schedule.ts';

const END: Advance = { do: 'END' };
const STOPPED_WAIT_MS = 5_000;
const GONE = 410;
const NO_ENDPOINT: Answer = { status: null, error: 'The endpoint is no longer configured.' };

/** What an attempt came to. */
interface Result {
  state: DeliveryState;
  /** When the next attempt is due; null when there is none. */
  nextAt: Date | null;
}

/** A receiver that says 410 wants the event no more. Any other that does not say 2xx is tried again. */
function judge({ pace }: WebhookContext, tries: number, answer: Answer, now: Date): Result {
  if (answer.error === null) return { state: 'DELIVERED', nextAt: null };
  const wait = answer.status === GONE || answer === NO_ENDPOINT ? null : waitAfter(tries);
  if (wait === null) return { state: 'DEAD', nextAt: null };
  const scheduled = now.getTime() + pace(wait);
  return { state: 'PENDING', nextAt: new Date(Math.max(scheduled, answer.retryAt?.getTime() ?? 0)) };
}

/** Writes down what an attempt came to, and lets the next one be due. Nothing when that was done before. */
async function settle(
  context: WebhookContext,
  engine: Engine,
  { deliveryId, round, number }: Attempt,
  answer: Answer,
): Promise<void> {
  const now = context.clock.now();
  const tries = number + 1;
  const { state, nextAt } = judge(context, tries, answer, now);
  await context.store.transaction(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('webhook_delivery')
      .set({
        state,
        attempts: tries,
        next_at: nextAt,
        last_status: answer.status,
        last_error: answer.error,
        finished_at: nextAt ? null : now,
      })
      .where('id', '=', deliveryId)
      .where('round', '=', round)
      .where('attempts', '=', number)
      .executeTakeFirst();
    if (numUpdatedRows === 0n || !nextAt) return;
    await enqueueAttempt(engine, tx, { deliveryId, round, number: tries }, nextAt);
  });
}

/** Makes one attempt, by at most one call of the endpoint. After a crash it may be made twice, under one `webhook-id`. */
export async function deliver(context: WebhookContext, engine: Engine, jobId: string): Promise<Advance> {
  const attempt = attemptOf(jobId);
  const delivery = await context.store.db
    .selectFrom('webhook_delivery')
    .select(['endpoint_id', 'event_id', 'body'])
    .where('id', '=', attempt.deliveryId)
    .where('round', '=', attempt.round)
    .where('attempts', '=', attempt.number)
    .where('state', '=', 'PENDING')
    .executeTakeFirst();
  if (!delivery) return END;
  const outlet = context.outlets.get(delivery.endpoint_id);
  const answer = outlet ? await outlet.post({ id: delivery.event_id, body: delivery.body }) : NO_ENDPOINT;
  if (!answer) return { do: 'WAIT', until: Date.now() + context.pace(STOPPED_WAIT_MS) };
  await settle(context, engine, attempt, answer);
  return END;
}
