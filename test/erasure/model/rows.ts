import type { Selectable } from 'kysely';
import type { AuditEntryTable } from '../../../src/store/audit-tables.ts';
import type { ErasureTable, TaskTable } from '../../../src/store/erasure-tables.ts';
import type { ModelWorld } from './world.ts';

export type ErasureRow = Selectable<ErasureTable>;
export type TaskRow = Selectable<TaskTable>;
export type EntryRow = Selectable<AuditEntryTable>;

/** The tasks of an erasure, in order. */
export function tasksOf({ context: { store } }: ModelWorld, erasureId: string): Promise<TaskRow[]> {
  const tasks = store.db.selectFrom('task').selectAll().where('erasure_id', '=', erasureId);
  return tasks.orderBy('position').execute();
}

/** Everything that is written about the erasures of a world; of the log, what came after a position. */
export async function rowsOf(
  { context: { store }, oracle }: ModelWorld,
  after: number,
): Promise<{ erasures: ErasureRow[]; tasks: TaskRow[]; entries: EntryRow[] }> {
  const ids = oracle.erasures.map(({ id }) => id);
  const erasures = store.db.selectFrom('erasure').selectAll().where('id', 'in', ids);
  const tasks = store.db.selectFrom('task').selectAll().where('erasure_id', 'in', ids).orderBy('position');
  const entries = store.db.selectFrom('audit_entry').selectAll().where('erasure_id', 'in', ids);
  return {
    erasures: await erasures.execute(),
    tasks: await tasks.execute(),
    entries: await entries.where('id', '>', after).orderBy('id').execute(),
  };
}
