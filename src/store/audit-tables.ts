import type { Generated } from 'kysely';
import type { Json, Timestamp } from './columns.ts';

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
