import type { Generated } from 'kysely';
import type { Json, NullableJson, NullableTimestamp, Timestamp } from './columns.ts';

export interface BulkTable {
  id: string;
  /** A pause is none of them: it stands in its own columns. */
  state: string;
  reason: string;
  /** What each customer is held to again before the deletion; null where customers were named. */
  filter: NullableJson<{ testCustomer: boolean; managerId: string | null }>;
  /** Null: everywhere. */
  integration_ids: NullableJson<string[]>;
  requested_by: string;
  requester_role: string;
  requester_manager: string | null;
  requester_scopes: Json<string[]>;
  /** The token that it was asked for with. */
  requester_token_id: string | null;
  requester_token_issued_at: Timestamp;
  request_id: string;
  requested_at: Timestamp;
  idempotency_key: string | null;
  /** Hash of what was asked for, so that a key is not reused for something else. */
  input_hash: string;
  /** Null: nobody has to approve it. */
  approval_expires_at: NullableTimestamp;
  /** Who approved or denied it. */
  decided_by: string | null;
  /** The token that it was approved with. */
  approver_token_id: string | null;
  approver_token_issued_at: NullableTimestamp;
  decision_reason: string | null;
  paused_by: string | null;
  pause_reason: string | null;
  paused_at: NullableTimestamp;
  cancel_requested_by: string | null;
  cancel_requester_role: string | null;
  cancel_reason: string | null;
  cancel_requested_at: NullableTimestamp;
  finished_at: NullableTimestamp;
  /** Grows with every change. */
  sequence: Generated<number>;
}

export interface BulkItemTable {
  bulk_id: string;
  customer_id: string;
  /** CREATED, ALREADY_OPEN or REFUSED; null while it waits for its turn. */
  result: string | null;
  /** Why it was refused. */
  code: string | null;
  message: string | null;
  erasure_id: string | null;
  /** Turns that failed for a reason of the gateway's own. */
  failures: Generated<number>;
}
