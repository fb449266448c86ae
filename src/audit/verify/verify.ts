import type { Store } from '../../store/store.ts';
import type { CheckpointDocument } from '../checkpoint-document.ts';
import type { Report } from './fault.ts';
import { checkNodes } from './nodes.ts';
import { checkForgotten, checkOutside, checkSequences } from './outside.ts';
import { checkPlaces } from './places.ts';

/** How much was verified. */
export interface Verified {
  /** Entries with a place in the log. */
  size: number;
  /** Entries that wait for one. */
  waiting: number;
}

/**
 * Verifies the whole log against a checkpoint that was kept elsewhere: every entry against its leaf, the leaves against
 * the checkpoint, and what follows it against what is kept. Shares with the writing side nothing but the hashing and the
 * form of a leaf. Memory does not grow with the log.
 */
export const verifyLog = (store: Store, checkpoint: CheckpointDocument, report: Report): Promise<Verified> =>
  store.db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => {
      const size = await checkPlaces(tx, checkpoint, report);
      await checkNodes(tx, size, report);
      const waiting = await checkOutside(tx, report);
      await checkSequences(tx, report);
      await checkForgotten(tx, report);
      return { size, waiting };
    });
