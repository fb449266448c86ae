import type { Selectable } from 'kysely';
import type { Principal } from '../../access/viewer.ts';
import { reachOf } from '../../access/viewer.ts';
import type { ImportTable } from '../../store/customer-tables.ts';
import type { Store } from '../../store/store.ts';

/** Where an import stands: it reads the provider's list to its end, and then matches what it read. */
export const IMPORT_STATES = ['READING', 'MATCHING', 'COMPLETED', 'FAILED'] as const;
export type ImportState = (typeof IMPORT_STATES)[number];

/** Why an account was left to a person to decide. */
export const AMBIGUITIES = [
  'SEVERAL_ACCOUNTS',
  'CUSTOMER_HAS_ANOTHER',
  'EMAIL_NOT_CONFIRMED',
  'CUSTOMER_IS_ERASED',
] as const;
export type Ambiguity = (typeof AMBIGUITIES)[number];

/** One run over all accounts of an integration, which makes them customers or links them. */
export interface CustomerImport {
  id: string;
  integrationId: string;
  state: ImportState;
  requestedBy: string;
  requestedAt: Date;
  /** Accounts read so far. */
  read: number;
  created: number;
  linked: number;
  ambiguous: number;
  skipped: number;
  errorMessage: string | null;
  finishedAt: Date | null;
}

/** An account that could not be matched without guessing. */
export interface AmbiguousAccount {
  id: string;
  externalId: string;
  email: string | null;
  ambiguity: Ambiguity;
}

/** There is no such import, or none for the viewer. */
export class ImportNotFoundError extends Error {
  override readonly name = 'ImportNotFoundError';

  constructor() {
    super('There is no such import.');
  }
}

export const isImportFinished = (state: ImportState): boolean => state === 'COMPLETED' || state === 'FAILED';

export const importOf = (row: Selectable<ImportTable>): CustomerImport => ({
  id: row.id,
  integrationId: row.integration_id,
  state: row.state as ImportState,
  requestedBy: row.requested_by,
  requestedAt: row.requested_at,
  read: row.read,
  created: row.created,
  linked: row.linked,
  ambiguous: row.ambiguous,
  skipped: row.skipped,
  errorMessage: row.error_message,
  finishedAt: row.finished_at,
});

/** One answer per id. Only viewers who reach everyone know of imports. */
export async function importsByIds(
  store: Store,
  viewer: Principal,
  ids: readonly string[],
): Promise<(CustomerImport | null)[]> {
  if (!reachOf(viewer).everyone) return ids.map(() => null);
  const rows = await store.db
    .selectFrom('customer_import')
    .selectAll()
    .where('id', 'in', [...ids])
    .execute();
  const byId = new Map(rows.map((row) => [row.id, importOf(row)]));
  return ids.map((id) => byId.get(id) ?? null);
}
