import { randomBytes } from 'node:crypto';
import type { Role } from '../access/viewer.ts';
import { canonical } from '../audit/canonical.ts';
import type { Tx } from '../store/store.ts';
import type { Task } from './erasure.ts';
import { identityOf, type Identity } from './identity.ts';
import type { ErasureWithTasks } from './journal.ts';
import { isPersonal } from './personal-text.ts';
import { digestOf, placesOf, type ReceiptBody, type ReceiptTask } from './receipt-body.ts';
import type { ErasureState } from './words.ts';

const ID_BYTES = 24;

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

/** A text that names the customer, because an account id became known after it was written, is left out. */
const impersonal = (text: string | null, identity: Identity): string | null =>
  text !== null && isPersonal(text, identity) ? null : text;

const taskIn = (task: Task, attempts: number, identity: Identity): ReceiptTask => ({
  integrationId: task.integrationId,
  provider: task.provider,
  presence: task.presence,
  state: task.state,
  outcome: task.outcome,
  verdict: task.verdict,
  errorCode: task.errorCode,
  resolution: task.resolution,
  ground: task.outcome === 'RETAINED' ? impersonal(task.errorMessage, identity) : null,
  deletedAt: iso(task.deletedAt),
  finishedAt: task.finishedAt!.toISOString(),
  attempts,
});

/** How many attempts each task of an erasure took, by the task's id. */
async function attemptCounts(tx: Tx, erasureId: string): Promise<Map<string, number>> {
  const rows = await tx
    .selectFrom('attempt')
    .innerJoin('task', 'task.id', 'attempt.task_id')
    .select((eb) => ['attempt.task_id', eb.fn.countAll<number>().as('attempts')])
    .where('task.erasure_id', '=', erasureId)
    .groupBy('attempt.task_id')
    .execute();
  return new Map(rows.map((row) => [row.task_id, row.attempts]));
}

async function nextNumber(tx: Tx, erasureId: string): Promise<number> {
  const { last } = await tx
    .selectFrom('receipt')
    .select((eb) => eb.fn.coalesce(eb.fn.max('number'), eb.lit(0)).as('last'))
    .where('erasure_id', '=', erasureId)
    .executeTakeFirstOrThrow();
  return last + 1;
}

/**
 * Writes what the receipt of an ending erasure says; before the customer is forgotten, so that nothing of them gets
 * into it. Returns its digest, which goes into the audit entry of the end.
 */
export async function writeReceipt(
  tx: Tx,
  { erasure, tasks }: ErasureWithTasks,
  state: ErasureState,
  at: Date,
): Promise<string> {
  const identity = await identityOf(tx, erasure.customerId);
  const attempts = await attemptCounts(tx, erasure.id);
  const receipt: ReceiptBody = {
    version: 1,
    id: randomBytes(ID_BYTES).toString('base64url'),
    number: await nextNumber(tx, erasure.id),
    erasureId: erasure.id,
    customerId: erasure.customerId,
    state,
    integrationIds: erasure.integrationIds && [...erasure.integrationIds],
    reason: impersonal(erasure.reason, identity),
    requesterRole: erasure.requesterRole as Role,
    requestedAt: erasure.requestedAt.toISOString(),
    approvedAt: iso(erasure.approvedAt),
    irreversibleAt: iso(erasure.irreversibleAt),
    finishedAt: at.toISOString(),
    tasks: tasks.map((task) => taskIn(task, attempts.get(task.id) ?? 0, identity)),
    ...placesOf(tasks),
  };
  const { id, number } = receipt;
  const digest = digestOf(receipt);
  const body = canonical(receipt);
  await tx.insertInto('receipt').values({ id, number, erasure_id: erasure.id, body, digest }).execute();
  return digest;
}
