import { insertCustomers } from '../../customer/insert.ts';
import { linkFound } from '../../customer/link-account.ts';
import { InvalidInputError } from '../../customer/errors.ts';
import { withdrawCustomer } from '../../customer/withdraw.ts';
import type { Engine } from '../../engine/engine.ts';
import type { ErasureContext } from '../context.ts';
import type { Requester } from '../open.ts';
import { checkReason } from '../reason.ts';
import { requestErasure } from '../request.ts';
import { openReappearance } from './dismiss.ts';
import { ReappearanceResolvedError } from './errors.ts';
import type { Reappearance } from './reappearance.ts';
import { resolve } from './resolve.ts';

/** A customer who is nothing but that account, with the manager of the one who was erased. */
async function register(context: ErasureContext, by: Requester, { id }: Reappearance): Promise<string> {
  return context.store.transaction(async (tx) => {
    const row = await tx
      .selectFrom('reappearance')
      .innerJoin('customer', 'customer.id', 'reappearance.customer_id')
      .select(['registered_as', 'resolved_at', 'manager_id', 'test_customer'])
      .where('reappearance.id', '=', id)
      .forUpdate('reappearance')
      .executeTakeFirstOrThrow();
    if (row.resolved_at) throw new ReappearanceResolvedError(id);
    if (row.registered_as !== null) return row.registered_as;
    const customer = { email: null, name: null, managerId: row.manager_id, testCustomer: row.test_customer };
    const who = { actor: by.viewer, requestId: by.requestId };
    const [customerId] = await insertCustomers(tx, [customer], who, context.clock.now());
    await tx.updateTable('reappearance').set({ registered_as: customerId! }).where('id', '=', id).execute();
    return customerId!;
  });
}

/** An erasure that was asked for before its asker learnt of it. */
async function erasureOf({ store }: ErasureContext, customerId: string): Promise<string | undefined> {
  const erasures = store.db.selectFrom('erasure').select('id').where('customer_id', '=', customerId);
  return (await erasures.orderBy('requested_at', 'desc').executeTakeFirst())?.id;
}

async function linkAndErase(
  context: ErasureContext,
  engine: Engine,
  by: Requester,
  { integrationId, externalId }: Reappearance,
  { customerId, reason }: { customerId: string; reason: string },
): Promise<string> {
  const integration = context.integrations.get(integrationId);
  if (!integration || externalId === null) {
    const message = 'The integration is no longer configured.';
    throw new InvalidInputError([{ path: 'reappearanceId', message }]);
  }
  const key = { kind: integration.manifest.externalIdKind, value: externalId };
  await linkFound(context, by, integration, { customerId, integrationId, key });
  const nothingElse = { idempotencyKey: null, integrationIds: null, planHash: null, overrideReason: null };
  const atOnce = { scheduledFor: null, suspends: false, approvedBy: null };
  return requestErasure(context, engine, by, { customerId, reason, ...nothingElse, ...atOnce });
}

/** Undoes the registration, unless an erasure of it has begun after all. */
async function withdraw(
  context: ErasureContext,
  { viewer, requestId }: Requester,
  { id, integrationId }: Reappearance,
  customerId: string,
): Promise<void> {
  if (await erasureOf(context, customerId)) return;
  await context.store.transaction(async (tx) => {
    await tx.updateTable('reappearance').set({ registered_as: null }).where('id', '=', id).execute();
    await withdrawCustomer(tx, customerId, { actor: viewer, requestId, integrationId }, context.clock.now());
  });
}

/**
 * Registers an account that has re-appeared as a customer again, and asks for an erasure of that customer, to which all
 * guards apply. Returns the erasure's id.
 *
 * @throws {InvalidInputError | ReappearanceNotFoundError | ReappearanceResolvedError} and what {@link linkFound} and {@link requestErasure} throw
 */
export async function eraseAgain(
  context: ErasureContext,
  engine: Engine,
  by: Requester,
  { reappearanceId, reason }: { reappearanceId: string; reason: string },
): Promise<string> {
  checkReason(reason);
  const reappearance = await openReappearance(context, by.viewer, reappearanceId);
  const customerId = await register(context, by, reappearance);
  let erasureId = await erasureOf(context, customerId);
  try {
    erasureId ??= await linkAndErase(context, engine, by, reappearance, { customerId, reason });
  } catch (error) {
    await withdraw(context, by, reappearance, customerId);
    throw error;
  }
  const { viewer: actor, requestId } = by;
  const resolving = {
    resolution: 'ERASED_AGAIN',
    newErasureId: erasureId,
    actor,
    requestId,
    reason,
  } as const;
  await context.store.transaction((tx) => resolve(tx, reappearanceId, resolving, context.clock.now()));
  return erasureId;
}
