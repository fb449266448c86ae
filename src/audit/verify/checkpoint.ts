import type { JSONWebKeySet } from 'jose';
import { NotGenuineError, verifySigned } from '../../signing/verify-signed.ts';
import { CHECKPOINT_TYP, checkpointDocument, type CheckpointDocument } from '../checkpoint-document.ts';

/**
 * Reads a checkpoint of the gateway with that name.
 *
 * @throws {NotGenuineError}
 */
export async function readCheckpoint(
  jws: string,
  keys: JSONWebKeySet,
  origin: string,
): Promise<CheckpointDocument> {
  const parsed = checkpointDocument.safeParse(await verifySigned(jws, CHECKPOINT_TYP, keys));
  if (!parsed.success)
    throw new NotGenuineError('malformed: the payload is not that of a checkpoint', { cause: parsed.error });
  if (parsed.data.origin !== origin)
    throw new NotGenuineError(`it is a checkpoint of "${parsed.data.origin}", not of "${origin}"`);
  return parsed.data;
}
