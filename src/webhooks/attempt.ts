import type { Engine } from '../engine/engine.ts';
import type { Tx } from '../store/store.ts';

/** The kind of durable work that one try of a delivery is. */
export const WEBHOOK_JOB = 'webhook';

/** One try of a delivery. Each is a job of its own, so that one that waits for days costs nothing until it is due. */
export interface Attempt {
  deliveryId: number;
  /** How often the delivery was asked for again. */
  round: number;
  /** 0 is the first of the round. */
  number: number;
}

/** Reads the id of a job that {@link enqueueAttempt} made. */
export function attemptOf(jobId: string): Attempt {
  const [deliveryId = 0, round = 0, number = 0] = jobId.split(':').slice(1).map(Number);
  return { deliveryId, round, number };
}

/** Lets a try begin once the transaction commits, or at a later time. */
export function enqueueAttempt(engine: Engine, tx: Tx, attempt: Attempt, notBefore?: Date): Promise<void> {
  const { deliveryId, round, number } = attempt;
  return engine.enqueue(tx, WEBHOOK_JOB, `webhook:${deliveryId}:${round}:${number}`, notBefore);
}
