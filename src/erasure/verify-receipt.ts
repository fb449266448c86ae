import { isDeepStrictEqual } from 'node:util';
import type { JSONWebKeySet } from 'jose';
import { z, type ZodType } from 'zod';
import { CHECKPOINT_TYP, checkpointDocument, type CheckpointDocument } from '../audit/checkpoint-document.ts';
import { leafHash, rootFromInclusionProof } from '../audit/merkle.ts';
import { NotGenuineError, verifySigned } from '../signing/verify-signed.ts';
import { digestOf, placesOf, receiptBody, type ReceiptBody } from './receipt-body.ts';

/** Says of a JWS that it is a receipt. */
export const RECEIPT_TYP = 'erasure-receipt+jwt';

const receiptPayload = receiptBody.extend({
  log: z.strictObject({
    entry: z.string(),
    index: z.int().min(0),
    proof: z.array(z.base64url()),
    checkpoint: z.string(),
  }),
});

type Log = z.infer<typeof receiptPayload>['log'];

const logEntry = z.object({
  action: z.string(),
  erasureId: z.string().nullable(),
  details: z.object({ receipt: z.string().optional() }),
});

const VERIFIED = new Set<string | null>(['VERIFIED_ABSENT', 'VERIFIED_REDACTED']);

/** A receipt that is what it should be, and what it is anchored in. */
export interface VerifiedReceipt {
  body: ReceiptBody;
  /** Place of the entry of the erasure's end in the log. */
  index: number;
  checkpoint: CheckpointDocument;
}

/** Runs a check of one part, so that its fault says of what. */
async function inPart<T>(part: string, check: () => T | Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof NotGenuineError)) throw error;
    throw new NotGenuineError(`${part}: ${error.message}`, { cause: error });
  }
}

function shaped<T>(schema: ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new NotGenuineError(`malformed: ${[path.join('.'), message].filter(Boolean).join(': ')}`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new NotGenuineError('malformed: it is not JSON', { cause: error });
  }
}

/** The entry has to tell of the end of this erasure, and of this receipt. */
function checkEntry(text: string, body: ReceiptBody): void {
  const { action, erasureId, details } = shaped(logEntry, jsonOf(text));
  if (erasureId !== body.erasureId) throw new NotGenuineError('it is of another erasure');
  const end = `erasure.${body.state.toLowerCase()}`;
  if (action !== end) throw new NotGenuineError(`it tells of "${action}", not of the end "${end}"`);
  if (details.receipt !== digestOf(body))
    throw new NotGenuineError('it is of another receipt: the digest in it is not the one of this receipt');
}

function checkInclusion({ entry, index, proof }: Log, { size, root }: CheckpointDocument): void {
  if (index >= size) throw new NotGenuineError(`index ${index} is outside a log of ${size} entries`);
  const hashes = proof.map((hash) => Buffer.from(hash, 'base64url'));
  const reached = rootFromInclusionProof(index, size, leafHash(Buffer.from(entry)), hashes);
  if (!reached) throw new NotGenuineError(`it is no proof for index ${index} of ${size} entries`);
  if (Buffer.from(reached).toString('base64url') !== root)
    throw new NotGenuineError("it does not lead to the checkpoint's root, so the entry is not in that log");
}

/** What the receipt sums up has to be what its tasks say. */
function checkSums(body: ReceiptBody): void {
  const { tasks, state, reached, notReached, retained, unverifiable } = body;
  const told = { reached, notReached, retained, unverifiable };
  const places = placesOf(tasks);
  for (const name of Object.keys(places) as (keyof typeof places)[])
    if (!isDeepStrictEqual(places[name], told[name]))
      throw new NotGenuineError(`the list "${name}" is not what the tasks say`);
  const unproved = tasks.filter((task) => task.state !== 'SUCCEEDED' || !VERIFIED.has(task.verdict));
  if (state === 'COMPLETED' && unproved.length > 0)
    throw new NotGenuineError(`it says COMPLETED, and its task at ${unproved[0]!.integrationId} does not`);
}

/**
 * Verifies a receipt with the public keys of the gateway alone: who signed it, that it says nothing but what a receipt
 * says, that the log tells of it, and that it agrees with itself.
 *
 * @throws {NotGenuineError} which says what is wrong with which part.
 */
export async function verifyReceipt(jws: string, keys: JSONWebKeySet): Promise<VerifiedReceipt> {
  const { log, ...body } = await inPart('receipt', async () =>
    shaped(receiptPayload, await verifySigned(jws, RECEIPT_TYP, keys)),
  );
  const checkpoint = await inPart('checkpoint', async () =>
    shaped(checkpointDocument, await verifySigned(log.checkpoint, CHECKPOINT_TYP, keys)),
  );
  await inPart('log entry', () => checkEntry(log.entry, body));
  await inPart('proof', () => checkInclusion(log, checkpoint));
  await inPart('receipt', () => checkSums(body));
  return { body, index: log.index, checkpoint };
}
