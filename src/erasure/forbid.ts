import { sql } from 'kysely';
import type { Tx } from '../store/store.ts';

/** Until the transaction ends, no attempt begins that changes something; whatever began before is written down. */
export async function forbid(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('erasure attempts'))`.execute(tx);
}

/** Waits for whoever forbids, and makes those wait who come later, until the transaction ends. */
export async function awaitForbidding(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(hashtext('erasure attempts'))`.execute(tx);
}
