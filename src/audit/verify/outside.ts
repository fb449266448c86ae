import { sql } from 'kysely';
import type { Tx } from '../../store/store.ts';
import { changedColumns, ENTRY_COLUMNS, type StoredEntry } from './entry.ts';
import type { Report } from './fault.ts';

const AT_ONCE = 500;

type Outside = StoredEntry & { pending: number | null };

async function* entriesOutside(tx: Tx): AsyncGenerator<Outside> {
  for (let last = 0; ;) {
    const rows = await tx
      .selectFrom('audit_entry')
      .leftJoin('audit_leaf', 'audit_leaf.entry_id', 'audit_entry.id')
      .leftJoin('audit_pending', 'audit_pending.entry_id', 'audit_entry.id')
      .select(ENTRY_COLUMNS)
      .select('audit_pending.entry_id as pending')
      .where('audit_leaf.entry_id', 'is', null)
      .where('audit_entry.id', '>', last)
      .orderBy('audit_entry.id')
      .limit(AT_ONCE)
      .execute();
    yield* rows;
    if (rows.length < AT_ONCE) return;
    last = rows.at(-1)!.id;
  }
}

/** Checks the entries that have no place in the tree. Returns how many wait for one. */
export async function checkOutside(tx: Tx, report: Report): Promise<number> {
  let waiting = 0;
  for await (const entry of entriesOutside(tx)) {
    if (entry.pending === null)
      report('INSERTED', `entry ${entry.id}: it has no place in the log, and waits for none`);
    else waiting++;
    const changed = changedColumns(entry);
    if (changed.length > 0) report('CHANGED', `entry ${entry.id}: ${changed.join(', ')}`);
  }
  return waiting;
}

/** Checks that the entries of each erasure are numbered without gaps, up to the erasure's own count. */
export async function checkSequences(tx: Tx, report: Report): Promise<void> {
  const rows = await tx
    .selectFrom('erasure')
    .leftJoin('audit_entry', 'audit_entry.erasure_id', 'erasure.id')
    .select(['erasure.id', 'erasure.sequence', (eb) => eb.fn.count<number>('audit_entry.id').as('entries')])
    .groupBy('erasure.id')
    .having((eb) => eb('erasure.sequence', '<>', sql<number>`count(audit_entry.id)`))
    .execute();
  for (const { id, sequence, entries } of rows)
    report('MISSING', `erasure ${id}: it has ${entries} entries, and has counted ${sequence}`);
}

/** Checks that no entry has lost its customer and reason but those that forgetting customers has told of. */
export async function checkForgotten(tx: Tx, report: Report): Promise<void> {
  const { lost, told } = await tx
    .selectFrom('audit_entry')
    .select([
      sql<number>`count(*) filter (where salt is null)`.as('lost'),
      sql<string>`coalesce(sum(case when jsonb_typeof(details -> 'entries') = 'number'
        then (details ->> 'entries')::numeric end) filter (where action = 'customer.forgotten'), 0)`.as(
        'told',
      ),
    ])
    .executeTakeFirstOrThrow();
  if (lost !== Number(told))
    report('FORGOTTEN', `${lost} entries have lost customer and reason, and the log tells of ${told}`);
}
