import type { Generated } from 'kysely';
import type { NullableTimestamp, Timestamp } from './columns.ts';

/** One event on its way to one endpoint. */
export interface WebhookDeliveryTable {
  id: Generated<number>;
  endpoint_id: string;
  event_id: string;
  type: string;
  /** What is sent, to the byte. */
  body: string;
  /** PENDING, DELIVERED or DEAD. */
  state: string;
  /** How often it was asked for again after the first time. */
  round: Generated<number>;
  /** Tries in this round. */
  attempts: Generated<number>;
  /** When the next try is due; null when there is none. */
  next_at: NullableTimestamp;
  last_status: number | null;
  last_error: string | null;
  created_at: Timestamp;
  finished_at: NullableTimestamp;
}

/** What callers spend. */
export interface CallerLimitTable {
  /** The caller, or the root of a tree of managers. */
  key: string;
  /** When all of the limit would be left again. */
  full_at: Timestamp;
}

export interface RateLimitTable {
  integration_id: string;
  /** When the next call's turn would be, were all spread evenly. */
  next_at: Timestamp;
}
