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
  denied_at: NullableTimestamp;
  /** 1, and one more each time that it is begun again after its end. */
  run: Generated<number>;
  reason: string;
  requested_by: string;
  requester_role: string;
  requester_manager: string | null;
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
  /** What is hashed into the tree. */
  leaf: string;
  /** Of the customer's and the reason's commitments; null once the customer was forgotten, and so are they. */
  salt: Uint8Array | null;
  actor_salt: Uint8Array;
}

/** An entry that has no place in the tree yet. */
export interface AuditPendingTable {
  entry_id: number;
}

/** The place of an entry in the tree. */
export interface AuditLeafTable {
  index: number;
  entry_id: number;
}

/** Hash of a full subtree of 2^level leaves, the `index`-th such one from the left. */
export interface AuditNodeTable {
  level: number;
  index: number;
  hash: Uint8Array;
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

/** The one row tells whether the key of the fingerprints is still the one that they were made under. */
export interface FingerprintKeyTable {
  singleton: Generated<boolean>;
  mark: Uint8Array;
}

/** What stays of an e-mail address or an account of somebody who was erased: a keyed hash. */
export interface FingerprintTable {
  hash: Uint8Array;
  kind: string;
  /** Where the account was; null for an e-mail address. */
  integration_id: string | null;
  customer_id: string;
  erasure_id: string;
  created_at: Timestamp;
}

/** The one row: which round of looking for re-appearances it is. */
export interface SweepTable {
  singleton: Generated<boolean>;
  round: number;
  /** When the round before ended. */
  round_ended_at: Timestamp;
}

/** How far a round has come at an integration. */
export interface SweepPositionTable {
  integration_id: string;
  round: number;
  /** Where the next page begins; null at the start. */
  cursor: string | null;
  pages: Generated<number>;
  /** Tries that failed since the last success. */
  failures: Generated<number>;
  not_before: NullableTimestamp;
  /** Whether the round has no more to do here: all was read, or it was given up. */
  ended: Generated<boolean>;
  /** When the list was last read to its end. */
  swept_at: NullableTimestamp;
}

/** An account of somebody who was erased, and which is there again. */
export interface ReappearanceTable {
  id: string;
  integration_id: string;
  /** The account's fingerprint; stays, so that it is raised once. */
  account: Uint8Array;
  /** Null once resolved. */
  external_id: string | null;
  matched_by: string;
  customer_id: string;
  erasure_id: string;
  first_seen_at: Timestamp;
  /** The customer that the account was registered as, so that it is erased again. */
  registered_as: string | null;
  resolved_at: NullableTimestamp;
  resolution: string | null;
  new_erasure_id: string | null;
}

export interface Database {
  manager: ManagerTable;
  customer: CustomerTable;
  link: LinkTable;
  erasure: ErasureTable;
  task: TaskTable;
  attempt: AttemptTable;
  audit_entry: AuditEntryTable;
  audit_pending: AuditPendingTable;
  audit_leaf: AuditLeafTable;
  audit_node: AuditNodeTable;
  hold: HoldTable;
  pause: PauseTable;
  receipt: ReceiptTable;
  bulk_erasure: BulkTable;
  bulk_item: BulkItemTable;
  customer_import: ImportTable;
  import_row: ImportRowTable;
  rate_limit: RateLimitTable;
  webhook_delivery: WebhookDeliveryTable;
  fingerprint_key: FingerprintKeyTable;
  fingerprint: FingerprintTable;
  sweep: SweepTable;
  sweep_position: SweepPositionTable;
  reappearance: ReappearanceTable;
}
