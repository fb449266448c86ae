import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import { reachOf, type Principal } from '../access/viewer.ts';
import { record } from '../audit/log.ts';
import { CustomerNotFoundError } from '../customer/customer.ts';
import { withinReach } from '../customer/reach.ts';
import type { Engine } from '../engine/engine.ts';
import type { HoldTable } from '../store/erasure-tables.ts';
import type { Store, Tx } from '../store/store.ts';
import type { ErasureContext } from './context.ts';
import { forbid } from './forbid.ts';
import { wakeErasure } from './run.ts';
import { identityOf } from './identity.ts';
import { checkReason } from './reason.ts';

/** A standing order that a customer must not be deleted. */
export interface Hold {
  id: string;
  customerId: string;
  /** Why, in the words of whoever placed it. */
  ground: string;
  placedBy: string;
  placedAt: Date;
  releasedAt: Date | null;
}

/** Who places or releases a hold, in which request. */
interface By {
  viewer: Principal;
  requestId: string;
}

const holdOf = (row: Selectable<HoldTable>): Hold => ({
  id: row.id,
  customerId: row.customer_id,
  ground: row.ground,
  placedBy: row.placed_by,
  placedAt: row.placed_at,
  releasedAt: row.released_at,
});

/** The holds of customers that stand: one list per customer, the earliest first. */
export async function standingHolds(
  db: Pick<Store['db'], 'selectFrom'>,
  customerIds: readonly string[],
): Promise<Hold[][]> {
  const rows = await db
    .selectFrom('hold')
    .selectAll()
    .where('customer_id', 'in', [...customerIds])
    .where('released_at', 'is', null)
    .orderBy('placed_at')
    .execute();
  const holds = rows.map(holdOf);
  return customerIds.map((id) => holds.filter(({ customerId }) => customerId === id));
}

/** Lets an open erasure of the customer look at its holds at once. */
async function wakeErasureOf(engine: Engine, tx: Tx, customerId: string): Promise<void> {
  const open = tx.selectFrom('erasure').select(['id', 'run']).where('customer_id', '=', customerId);
  const erasure = await open.where('finished_at', 'is', null).executeTakeFirst();
  if (erasure) await wakeErasure(engine, tx, erasure);
}

/**
 * Forbids to delete a customer until the hold is released. An erasure that is under way stops before its next delete.
 *
 * @throws {CustomerNotFoundError | InvalidInputError}
 */
export async function placeHold(
  context: ErasureContext,
  engine: Engine,
  { viewer, requestId }: By,
  { customerId, ground }: { customerId: string; ground: string },
): Promise<Hold> {
  if (!(await context.directory.byId(viewer, customerId))) throw new CustomerNotFoundError();
  checkReason(ground, await identityOf(context.store.db, customerId), 'ground');
  const at = context.clock.now();
  const values = {
    id: randomUUID(),
    customer_id: customerId,
    ground,
    placed_by: viewer.subject,
    placed_at: at,
  };
  return context.store.transaction(async (tx) => {
    await forbid(tx);
    const row = await tx.insertInto('hold').values(values).returningAll().executeTakeFirstOrThrow();
    const entry = { actor: viewer, requestId, customerId, reason: ground, details: { holdId: row.id } };
    await record(tx, { ...entry, action: 'hold.placed' }, at);
    await wakeErasureOf(engine, tx, customerId);
    return holdOf(row);
  });
}

/** There is no such hold that stands, or it is of a customer that is not the viewer's. */
export class HoldNotFoundError extends Error {
  override readonly name = 'HoldNotFoundError';

  constructor() {
    super('There is no such hold.');
  }
}

/**
 * Ends a hold. What it has stopped is not begun again by itself.
 *
 * @throws {HoldNotFoundError | InvalidInputError}
 */
export async function releaseHold(
  { store, clock }: ErasureContext,
  { viewer, requestId }: By,
  { holdId, reason }: { holdId: string; reason: string },
): Promise<Hold> {
  const hold = await store.db
    .selectFrom('hold')
    .innerJoin('customer', 'customer.id', 'hold.customer_id')
    .select('customer_id')
    .where('hold.id', '=', holdId)
    .where(withinReach(reachOf(viewer)))
    .executeTakeFirst();
  if (!hold) throw new HoldNotFoundError();
  checkReason(reason, await identityOf(store.db, hold.customer_id));
  const at = clock.now();
  return store.transaction(async (tx) => {
    const row = await tx
      .updateTable('hold')
      .set({ released_at: at, released_by: viewer.subject })
      .where('id', '=', holdId)
      .where('released_at', 'is', null)
      .returningAll()
      .executeTakeFirst();
    if (!row) throw new HoldNotFoundError();
    const entry = { actor: viewer, requestId, customerId: row.customer_id, reason, details: { holdId } };
    await record(tx, { ...entry, action: 'hold.released' }, at);
    return holdOf(row);
  });
}
