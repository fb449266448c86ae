import type { Generated } from 'kysely';
import type { Timestamp } from './columns.ts';

/** One token by its `jti`, or all tokens of a subject up to a moment. */
export interface TokenRevocationTable {
  /** Grows in the order in which revocations commit. */
  id: Generated<number>;
  jti: string | null;
  subject: string | null;
  revoked_at: Timestamp;
}
