import { sql } from 'kysely';
import type { Principal } from '../access/viewer.ts';
import { record } from '../audit/log.ts';
import type { Tx } from '../store/store.ts';
import type { ErasureCapError } from './cap.ts';

const ONCE_IN_MS = 60_000;

/**
 * Writes down that a cap was reached, at most once a minute for a cap and a role, over all processes: a stolen token
 * that asks for everyone is one alarm and not thousands. False when that was done already.
 */
export async function raiseCapAlarm(
  tx: Tx,
  { cap, integrationId }: ErasureCapError,
  { viewer, requestId }: { viewer: Principal; requestId: string },
  at: Date,
): Promise<boolean> {
  await sql`select pg_advisory_xact_lock(hashtext('cap alarm'))`.execute(tx);
  const { rows } = await sql`
    select id from audit_entry
    where action = 'cap.reached' and at > ${new Date(at.getTime() - ONCE_IN_MS)} and role = ${viewer.role}
      and details->>'cap' = ${cap} and integration_id is not distinct from ${integrationId}
  `.execute(tx);
  if (rows.length > 0) return false;
  const entry = { action: 'cap.reached', details: { cap }, ...(integrationId && { integrationId }) };
  await record(tx, { actor: viewer, requestId, ...entry }, at);
  return true;
}
