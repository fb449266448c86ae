import { record, type Actor } from '../../audit/log.ts';
import type { Tx } from '../../store/store.ts';
import type { ReappearanceResolution } from './reappearance.ts';

/** What came of a re-appearance, and through whom. */
export interface Resolving {
  resolution: ReappearanceResolution;
  newErasureId: string | null;
  actor: Actor;
  requestId?: string;
  reason?: string;
}

/** Resolves a re-appearance and forgets which account it was. False: it was resolved before. */
export async function resolve(tx: Tx, id: string, resolving: Resolving, at: Date): Promise<boolean> {
  const { resolution, newErasureId, ...by } = resolving;
  const row = await tx
    .updateTable('reappearance')
    .set({ resolved_at: at, resolution, new_erasure_id: newErasureId, external_id: null })
    .where('id', '=', id)
    .where('resolved_at', 'is', null)
    .returning(['customer_id', 'erasure_id', 'integration_id'])
    .executeTakeFirst();
  if (!row) return false;
  const { customer_id: customerId, erasure_id: erasureId, integration_id: integrationId } = row;
  const details = { reappearanceId: id, newErasureId };
  const action = `reappearance.${resolution.toLowerCase()}`;
  await record(tx, { ...by, action, customerId, erasureId, integrationId, details }, at);
  return true;
}
