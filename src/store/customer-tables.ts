import type { ColumnType, Generated } from 'kysely';
import type { NullableTimestamp, Timestamp } from './columns.ts';

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
