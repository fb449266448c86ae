import { AccountReader } from '../../customer/accounts.ts';
import type { Advance, Engine } from '../../engine/engine.ts';
import type { ErasureContext } from '../context.ts';
import { hashOfKey } from '../open.ts';
import { requestErasure } from '../request.ts';
import type { Bulk, BulkItem } from './bulk.ts';
import { refuse, settle, type ItemOutcome } from './items.ts';
import { outcomeOf } from './refusal.ts';
import { fits } from './selection.ts';

const DEADLINE_MS = 30_000;
/** Waits in ms before an item's turn comes again. As many turns may fail as there are waits, and one more. */
const RETRY_WAITS_MS = [1_000, 5_000];

const keyOf = (item: BulkItem): string => `bulk:${item.bulkId}:${item.id}`;

/** The erasure that an earlier turn of the item has begun, and perhaps did not come to write down. */
async function begunEarlier(
  { store }: ErasureContext,
  { requester }: Bulk,
  item: BulkItem,
): Promise<ItemOutcome | null> {
  const erasure = await store.db
    .selectFrom('erasure')
    .select('id')
    .where('requested_by', '=', requester.subject)
    .where('idempotency_key', '=', hashOfKey(keyOf(item)))
    .executeTakeFirst();
  return erasure ? { result: 'CREATED', erasureId: erasure.id } : null;
}

/** The one place where a bulk asks for an erasure: as its requester would, who may have lost the customer since. */
async function request(
  context: ErasureContext,
  engine: Engine,
  bulk: Bulk,
  item: BulkItem,
): Promise<ItemOutcome> {
  const { requester: viewer, requestId, reason, integrationIds } = bulk;
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const reader = new AccountReader(context.store, [...context.integrations.values()], signal, 'FRESH');
  const erasureId = await requestErasure(
    context,
    engine,
    { viewer, reader, requestId, signal },
    {
      customerId: item.id,
      reason,
      integrationIds,
      idempotencyKey: keyOf(item),
      planHash: null,
      overrideReason: null,
      scheduledFor: null,
      suspends: false,
      approvedBy: bulk.approver,
    },
  );
  return { result: 'CREATED', erasureId };
}

/** Whether a customer whom a filter selected is there and does not fit it any more. */
async function hasChanged(
  context: ErasureContext,
  { requester, filter }: Bulk,
  { id }: BulkItem,
): Promise<boolean> {
  if (!filter || (await fits(context, requester, filter, id))) return false;
  const customer = await context.directory.byId(requester, id);
  return customer !== null && customer.erasedAt === null;
}

async function attempt(
  context: ErasureContext,
  engine: Engine,
  bulk: Bulk,
  item: BulkItem,
): Promise<ItemOutcome> {
  const earlier = await begunEarlier(context, bulk, item);
  if (earlier) return earlier;
  if (await hasChanged(context, bulk, item))
    return refuse('CHANGED', 'The customer does not fit the filter any more.');
  try {
    return await request(context, engine, bulk, item);
  } catch (error) {
    // A process that is not known to be dead may have taken the same turn, and been faster.
    const outcome = (await begunEarlier(context, bulk, item)) ?? outcomeOf(error);
    if (!outcome) throw error;
    return outcome;
  }
}

/** Writes down that a turn failed. Returns how long to wait before the next one; undefined: there is none. */
async function fail({ store }: ErasureContext, { bulkId, id, failures }: BulkItem) {
  await store.db
    .updateTable('bulk_item')
    .set({ failures: failures + 1 })
    .where('bulk_id', '=', bulkId)
    .where('customer_id', '=', id)
    .execute();
  return RETRY_WAITS_MS[failures];
}

/** Takes the turn of one customer: asks for the erasure, and writes down what came of it. */
export async function openItem(
  context: ErasureContext,
  engine: Engine,
  bulk: Bulk,
  item: BulkItem,
): Promise<Advance> {
  let outcome: ItemOutcome;
  try {
    outcome = await attempt(context, engine, bulk, item);
  } catch (err) {
    context.log.error({ err, bulkId: bulk.id, customerId: item.id }, 'an item of a bulk failed');
    const waitMs = await fail(context, item);
    if (waitMs !== undefined) return { do: 'WAIT', until: Date.now() + context.pace(waitMs) };
    outcome = refuse('FAILED', 'The gateway failed to begin the erasure, several times.');
  }
  await context.store.transaction((tx) => settle(tx, item, outcome));
  return { do: 'CONTINUE' };
}
