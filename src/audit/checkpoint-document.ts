import { z } from 'zod';

/** What kind of signed document a checkpoint is. */
export const CHECKPOINT_TYP = 'audit-checkpoint+jwt';

/** What a checkpoint says: the log of a gateway had so many entries then, and their tree this root. */
export const checkpointDocument = z.strictObject({
  origin: z.string().min(1),
  size: z.int().min(0),
  /** Base64url. */
  root: z.string().regex(/^[\w-]{43}$/),
  at: z.iso.datetime(),
});

export type CheckpointDocument = z.infer<typeof checkpointDocument>;
