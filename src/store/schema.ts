import type { ColumnType, Generated } from 'kysely';

type Timestamp = ColumnType<Date, Date | string, Date | string>;
type NullableTimestamp = ColumnType<Date | null, Date | string | null, Date | string | null>;
type Json<T> = ColumnType<T, string, string>;
type NullableJson<T> = ColumnType<T | null, string | null, string | null>;

export interface ManagerTable {
  id: string;
  parent_id: string | null;
  name: string;
  created_at: ColumnType<Date, Date | undefined, never>;
}

export interface CustomerTable {
  id: string;
  email: string | null;
  /** Normalised e-mail; unique. */
  email_key: string | null;
  email_confirmed: Generated<boolean>;
  name: string | null;
  manager_id: string | null;
  test_customer: boolean;
  created_at: ColumnType<Date, Date | undefined, never>;
  erased_at: NullableTimestamp;
}

export interface LinkTable {
  integration_id: string;
  key_kind: string;
  key: string;
  /** The account's external id when the link was made; null where it was not asked for. Unique at its integration. */
  external_id: string | null;
  customer_id: string;
  created_at: ColumnType<Date, Date | undefined, never>;
}

export interface ErasureTable {
  id: string;
  customer_id: string;
  state: string;
  /** Whether every integration was meant, and not some that were named. */
  everywhere: boolean;
  reason: string;
  requested_by: string;
  requester_role: string;
  requester_manager: string | null;
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
  /** How to ask for the account: kind and value. */
  key: Json<unknown>;
  /** The account as it was found. */
  account: Json<unknown>;
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

export interface AuditEntryTable {
  id: Generated<number>;
  at: Timestamp;
  actor: string;
  role: string;
  action: string;
  customer_id: string | null;
  erasure_id: string | null;
  /** 1, 2, 3 … without gaps within one erasure. */
  sequence: number | null;
  integration_id: string | null;
  reason: string | null;
  request_id: string | null;
  details: Json<Record<string, unknown>>;
}

export interface ImportTable {
  id: string;
  integration_id: string;
  state: string;
  manager_id: string | null;
  test_customers: boolean;
  requested_by: string;
  requested_at: Timestamp;
  /** Where the next page begins; null at the start. */
  cursor: string | null;
  read: Generated<number>;
  created: Generated<number>;
  linked: Generated<number>;
  ambiguous: Generated<number>;
  skipped: Generated<number>;
  /** Tries that failed since the last success. */
  failures: Generated<number>;
  error_message: string | null;
  finished_at: NullableTimestamp;
}

/** An account that an import has read. Only what is ambiguous stays after its end. */
export interface ImportRowTable {
  import_id: string;
  external_id: string;
  email: string | null;
  email_key: string | null;
  /** DONE, or why it is ambiguous; null until it was looked at. */
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
  request_id: string;
  requested_at: Timestamp;
  idempotency_key: string | null;
  /** Hash of what was asked for, so that a key is not reused for something else. */
  input_hash: string;
  /** Null: nobody has to approve it. */
  approval_expires_at: NullableTimestamp;
  /** Who approved or denied it. */
  decided_by: string | null;
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

export interface RateLimitTable {
  integration_id: string;
  /** When the next call's turn would be, were all spread evenly. */
  next_at: Timestamp;
}

export interface Database {
  manager: ManagerTable;
  customer: CustomerTable;
  link: LinkTable;
  erasure: ErasureTable;
  task: TaskTable;
  attempt: AttemptTable;
  audit_entry: AuditEntryTable;
  hold: HoldTable;
  pause: PauseTable;
  bulk_erasure: BulkTable;
  bulk_item: BulkItemTable;
  customer_import: ImportTable;
  import_row: ImportRowTable;
  rate_limit: RateLimitTable;
}
