import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ROLES } from '../access/viewer.ts';
import { canonical } from '../audit/canonical.ts';
import { ERASURE_STATES, OUTCOMES, PRESENCES, RESOLUTIONS, TASK_STATES, VERDICTS } from './words.ts';

const time = z.iso.datetime();
const integrationId = z.string().min(1);
const integrationIds = z.array(integrationId);

const receiptTask = z.strictObject({
  integrationId,
  provider: z.string().min(1),
  presence: z.enum(PRESENCES),
  state: z.enum(TASK_STATES),
  outcome: z.enum(OUTCOMES).nullable(),
  verdict: z.enum(VERDICTS).nullable(),
  errorCode: z.string().nullable(),
  resolution: z.enum(RESOLUTIONS).nullable(),
  ground: z.string().nullable(),
  deletedAt: time.nullable(),
  finishedAt: time,
  attempts: z.int().min(0),
});

/** What a receipt says, as `docs/receipt.md` describes it. Nothing may be added to it. */
export const receiptBody = z.strictObject({
  version: z.literal(1),
  id: z.string().min(22),
  number: z.int().min(1),
  erasureId: z.uuid(),
  customerId: z.uuid(),
  state: z.enum(ERASURE_STATES),
  integrationIds: integrationIds.nullable(),
  reason: z.string().nullable(),
  requesterRole: z.enum(ROLES),
  requestedAt: time,
  approvedAt: time.nullable(),
  irreversibleAt: time.nullable(),
  finishedAt: time,
  tasks: z.array(receiptTask),
  reached: integrationIds,
  notReached: integrationIds,
  retained: integrationIds,
  unverifiable: integrationIds,
});

export type ReceiptBody = z.infer<typeof receiptBody>;
export type ReceiptTask = z.infer<typeof receiptTask>;

/** What the log holds of a receipt: SHA-256 of its canonical JSON, in hex. */
export const digestOf = (body: ReceiptBody): string =>
  createHash('sha256').update(canonical(body)).digest('hex');

/** Which integrations the deletion was carried through at, at which not, and why not: each is in one of the first three. */
export type Places = Pick<ReceiptBody, 'reached' | 'notReached' | 'retained' | 'unverifiable'>;

type Ended = Pick<ReceiptTask, 'integrationId' | 'state' | 'outcome' | 'verdict'>;

const isReached = ({ state }: Ended): boolean => state === 'SUCCEEDED';
const isRetained = ({ outcome }: Ended): boolean => outcome === 'RETAINED';

/** An integration with several accounts counts as what went worst there. */
export function placesOf(tasks: readonly Ended[]): Places {
  const ids = [...new Set(tasks.map((task) => task.integrationId))];
  const at = (id: string): Ended[] => tasks.filter((task) => task.integrationId === id);
  const notReached = ids.filter((id) => at(id).some((task) => !isReached(task) && !isRetained(task)));
  const reached = ids.filter((id) => at(id).every(isReached));
  return {
    reached,
    notReached,
    retained: ids.filter((id) => !reached.includes(id) && !notReached.includes(id)),
    unverifiable: reached.filter((id) => at(id).some(({ verdict }) => verdict === 'UNVERIFIABLE')),
  };
}
