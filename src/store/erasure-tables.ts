import type { ColumnType, Generated } from 'kysely';
import type { Json, NullableJson, NullableTimestamp, Timestamp } from './columns.ts';

export interface ErasureTable {
  id: string;
  customer_id: string;
  state: string;
  /** Whether every integration was meant, and not some that were named. */
  everywhere: boolean;
  /** The integrations that were named; null where every one was meant. */
  integration_ids: Json<string[] | null>;
  /** Of the plan that was agreed to. */
  plan_hash: string | null;
  /** When it may begin; null: at once. */
  scheduled_for: NullableTimestamp;
  /** Whether accounts are suspended until it begins, where that can be undone. */
  suspends: Generated<boolean>;
  /** Until when somebody else has to approve it; null where nobody has to. */
  approval_expires_at: NullableTimestamp;
  approved_by: string | null;
  approved_at: NullableTimestamp;
  /** The token that it was approved with. */
  approver_token_id: string | null;
  approver_token_issued_at: NullableTimestamp;
  denied_at: NullableTimestamp;
  /** 1, and one more each time that it is begun again after its end. */
  run: Generated<number>;
  reason: string;
  requested_by: string;
  requester_role: string;
  requester_manager: string | null;
  /** The token that it was asked for with; for a part of a bulk, the bulk. */
  requester_token_id: string | null;
  requester_token_issued_at: Timestamp;
  /** SHA-256 of the caller's key, which may be anything. */
  idempotency_key: string | null;
  /** Hash of what was asked for, so that a key is not reused for something else. */
  input_hash: string;
  request_id: string;
  requested_at: Timestamp;
  /** When the first attempt that cannot be undone began. */
  irreversible_at: NullableTimestamp;
  cancel_requested_at: NullableTimestamp;
  finished_at: NullableTimestamp;
  /** Sequence number of the erasure's latest audit entry. */
  sequence: Generated<number>;
}

export interface TaskTable {
  id: string;
  erasure_id: string;
  integration_id: string;
  provider: string;
  /** Place in the order of the plan. */
  position: number;
  /** 0 runs first, then 1, then 2. */
  rank: number;
  /** What the plan saw: FOUND, ABSENT or UNREACHABLE. */
  presence: string;
  /** How to ask for the account: kind and value. Null once the customer was forgotten. */
  key: NullableJson<unknown>;
  /** The account as it was found. Null once the customer was forgotten. */
  account: NullableJson<unknown>;
  state: string;
  /** What the provider says it did, until the task ends. */
  claimed: string | null;
  outcome: string | null;
  verdict: string | null;
  waiting_reason: string | null;
  not_before: NullableTimestamp;
  /** What is to be done next: PROBE, PREPARE, DELETE or VERIFY. */
  next: string;
  /** A delete was sent and its answer was lost. */
  outcome_unknown: Generated<boolean>;
  /** Looks after the delete so far. */
  looks: Generated<number>;
  /** Tries that failed since the last success, which is what the retry budget counts. */
  failures: Generated<number>;
  error_code: string | null;
  error_message: string | null;
  provider_reason: string | null;
  /** When the account was last looked at before its delete. */
  looked_at: NullableTimestamp;
  /** The account is suspended, or may be, and can be restored. */
  suspended: Generated<boolean>;
  /** The account that a person has to judge. */
  doubted: ColumnType<unknown, string | undefined, string>;
  /** What an operator decided last. */
  resolution: string | null;
  resolved_by: string | null;
  resolution_reason: string | null;
  deleted_at: NullableTimestamp;
  finished_at: NullableTimestamp;
}

export interface AttemptTable {
  task_id: string;
  number: number;
  kind: string;
  started_at: Timestamp;
  finished_at: NullableTimestamp;
  /** `OK`, or the provider error's code; null while it runs, and for ever when the process died. */
  result: string | null;
}

export interface HoldTable {
  id: string;
  customer_id: string;
  ground: string;
  placed_by: string;
  placed_at: Timestamp;
  released_by: string | null;
  released_at: NullableTimestamp;
}

/** The one row says since when, why and by whom no erasure may delete; none: they may. */
export interface PauseTable {
  singleton: Generated<boolean>;
  reason: string;
  paused_by: string;
  paused_at: Timestamp;
}

/** The proof of an erasure's end. An erasure that ends again gets another; the one with the highest number counts. */
export interface ReceiptTable {
  /** Unguessable. */
  id: string;
  erasure_id: string;
  number: number;
  /** Canonical JSON. */
  body: string;
  /** SHA-256 of the body, as it stands in the audit entry of the end. */
  digest: string;
  /** Null until it is signed; then it stays as it is. */
  jws: ColumnType<string | null, null | undefined, string>;
  signed_at: NullableTimestamp;
}
