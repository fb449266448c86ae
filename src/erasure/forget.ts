import { forgetInLog } from '../audit/forget.ts';
import type { KeyObject } from 'node:crypto';
import { GATEWAY } from '../audit/log.ts';
import { emailKey } from '../customer/email.ts';
import type { Tx } from '../store/store.ts';
import type { Erasure } from './erasure.ts';
import { keepFingerprints } from './fingerprint.ts';
import { resolve } from './reappearance/resolve.ts';
import { tracesOf, type Traces } from './traces.ts';
import { withoutWords } from './without-words.ts';

/** What imports have read of the person and left to be decided. */
async function forgetImported(tx: Tx, { accounts, words }: Traces): Promise<void> {
  if (words.length > 0)
    await tx.deleteFrom('import_row').where('email_key', 'in', words.map(emailKey)).execute();
  if (accounts.length === 0) return;
  await tx
    .deleteFrom('import_row')
    .using('customer_import')
    .whereRef('customer_import.id', '=', 'import_row.import_id')
    .where((eb) =>
      eb.or(
        accounts.map(({ integrationId, externalId }) =>
          eb.and({ 'customer_import.integration_id': integrationId, 'import_row.external_id': externalId }),
        ),
      ),
    )
    .execute();
}

/** What this erasure and earlier ones say of the person: where the accounts were, and what providers said of them. */
async function forgetErasures(tx: Tx, customerId: string, { words }: Traces): Promise<void> {
  const erasures = await tx
    .selectFrom('erasure')
    .select(['id', 'reason'])
    .where('customer_id', '=', customerId)
    .execute();
  const ids = erasures.map(({ id }) => id);
  const nothing = {
    key: null,
    account: null,
    provider_reason: null,
    error_message: null,
    doubted: JSON.stringify(null),
  };
  await tx.updateTable('task').set(nothing).where('erasure_id', 'in', ids).execute();
  for (const { id, reason } of erasures)
    await tx
      .updateTable('erasure')
      .set({ reason: withoutWords(reason, words) })
      .where('id', '=', id)
      .execute();
}

/** Accounts of the person that had re-appeared, and are gone now. */
async function settleReappearances(
  tx: Tx,
  accounts: Buffer[],
  newErasureId: string,
  at: Date,
): Promise<void> {
  if (accounts.length === 0) return;
  const reappearances = tx.selectFrom('reappearance').select('id').where('account', 'in', accounts);
  for (const { id } of await reappearances.where('resolved_at', 'is', null).execute())
    await resolve(tx, id, { resolution: 'ERASED_AGAIN', newErasureId, actor: GATEWAY }, at);
}

/**
 * The gateway keeps nothing personal of somebody who was erased everywhere: a row that says that there was a customer,
 * and fingerprints by which the person's accounts are recognised when they re-appear.
 */
export async function forget(
  tx: Tx,
  key: KeyObject,
  { id: erasureId, customerId }: Pick<Erasure, 'id' | 'customerId'>,
  at: Date,
): Promise<void> {
  const traces = await tracesOf(tx, customerId);
  const accounts = await keepFingerprints(tx, key, traces, { customerId, erasureId }, at);
  await settleReappearances(tx, accounts, erasureId, at);
  await forgetImported(tx, traces);
  await forgetErasures(tx, customerId, traces);
  await tx.deleteFrom('hold').where('customer_id', '=', customerId).execute();
  await tx.deleteFrom('link').where('customer_id', '=', customerId).execute();
  await tx
    .updateTable('customer')
    .set({ email: null, email_key: null, name: null, erased_at: at })
    .where('id', '=', customerId)
    .execute();
  await forgetInLog(tx, customerId, at);
}
