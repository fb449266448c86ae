import { CompiledQuery, type Transaction } from 'kysely';
import type { ClientBase } from 'pg';
import type { Database } from './schema.ts';

/** The `pg` client of an open Kysely transaction, as far as DBOS needs it to enqueue in that transaction. */
export function clientOf(tx: Transaction<Database>): ClientBase {
  const query = async (text: string, values: readonly unknown[] = []) => {
    const { rows, numAffectedRows } = await tx.executeQuery(CompiledQuery.raw(text, [...values]));
    return { rows, rowCount: Number(numAffectedRows ?? rows.length) };
  };
  return { query } as unknown as ClientBase;
}
