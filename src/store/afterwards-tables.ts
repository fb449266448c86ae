import type { Generated } from 'kysely';
import type { NullableTimestamp, Timestamp } from './columns.ts';

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
