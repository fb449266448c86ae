import type { Signer } from '../signing/signing-key.ts';
import type { Store } from '../store/store.ts';
import { CHECKPOINT_TYP, type CheckpointDocument } from './checkpoint-document.ts';
import { rootOf, treeSize } from './tree.ts';

/** A signed statement of what the log is, to be kept outside: whatever is changed later contradicts it. */
export interface Checkpoint extends CheckpointDocument {
  jws: string;
}

/** Signs what the log is now. Entries that were written within the last second may be missing. */
export async function signCheckpoint(
  { db }: Store,
  signer: Signer,
  origin: string,
  at: Date,
): Promise<Checkpoint> {
  const size = await treeSize(db);
  const root = Buffer.from(await rootOf(db, size)).toString('base64url');
  const document: CheckpointDocument = { origin, size, root, at: at.toISOString() };
  return { ...document, jws: await signer.sign(CHECKPOINT_TYP, document) };
}
