import type { KeyObject } from 'node:crypto';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Directory } from '../customer/directory.ts';
import type { Anchor } from './sign-receipt.ts';
import type { Integration } from '../providers/provider.ts';
import type { Store } from '../store/store.ts';
import type { BulkPolicy } from './bulk/policy.ts';
import type { ErasureCaps } from './cap.ts';
import type { ErasurePolicy } from './policy.ts';

/** Places at which a process may die; a test makes it die there. */
export const CHECKPOINTS = [
  'erasure.enqueued',
  'attempt.intended',
  'attempt.answered',
  'attempt.recorded',
  'erasure.finished',
] as const;

export type Checkpoint = (typeof CHECKPOINTS)[number];

/** The kind of durable work that an erasure is. */
export const ERASURE_JOB = 'erasure';

/** What carrying out an erasure needs. */
export interface ErasureContext {
  store: Store;
  directory: Directory;
  integrations: ReadonlyMap<string, Integration>;
  /** What receipts are signed with. */
  anchor: Anchor;
  clock: Clock;
  /** Under which the fingerprints of erased customers are made. */
  fingerprintKey: KeyObject;
  log: Logger;
  /** Null: none, for tests alone. */
  caps: ErasureCaps | null;
  policy: ErasurePolicy;
  bulk: BulkPolicy;
  /** Waits in ms before the second and the third try of a task. */
  retryWaitsMs: readonly number[];
  /** Turns a wait into the one that is really waited; a test makes it short. */
  pace(ms: number): number;
  /** The end of an attempt that begins now. */
  deadline(): AbortSignal;
  checkpoint(name: Checkpoint): void;
}
