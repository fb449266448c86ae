import { sql } from 'kysely';
import type { Store } from '../../store/store.ts';
import { isFinished, type ErasureState } from '../words.ts';
import type { ItemResult } from './words.ts';

/** Where the customers of a bulk stand, in numbers: `pending` and the three results make `total`. */
export interface BulkCounts {
  total: number;
  /** Their turn has not come. */
  pending: number;
  created: number;
  alreadyOpen: number;
  refused: number;
  /** Of the created: those that go on. With the ends below they make `created`. */
  open: number;
  completed: number;
  completedWithExceptions: number;
  partial: number;
  failed: number;
  canceled: number;
  denied: number;
}

interface Row {
  bulk_id: string;
  result: ItemResult | null;
  /** Of an erasure that the bulk has begun. */
  state: ErasureState | null;
  count: number;
}

type Name = keyof Omit<BulkCounts, 'total'>;

const OF_RESULT: Record<ItemResult, Name> = {
  CREATED: 'created',
  ALREADY_OPEN: 'alreadyOpen',
  REFUSED: 'refused',
};

const OF_END: Partial<Record<ErasureState, Name>> = {
  COMPLETED: 'completed',
  COMPLETED_WITH_EXCEPTIONS: 'completedWithExceptions',
  PARTIAL: 'partial',
  FAILED: 'failed',
  CANCELED: 'canceled',
  DENIED: 'denied',
};

function countsFrom(rows: readonly Row[]): BulkCounts {
  const sum = (some: readonly Row[]): number => some.reduce((total, { count }) => total + count, 0);
  const of = (name: Name): number =>
    sum(rows.filter(({ result }) => (result === null ? 'pending' : OF_RESULT[result]) === name));
  const ended = (name: Name): number =>
    sum(rows.filter(({ state }) => state !== null && OF_END[state] === name));
  return {
    total: sum(rows),
    pending: of('pending'),
    created: of('created'),
    alreadyOpen: of('alreadyOpen'),
    refused: of('refused'),
    open: sum(rows.filter(({ state }) => state !== null && !isFinished(state))),
    completed: ended('completed'),
    completedWithExceptions: ended('completedWithExceptions'),
    partial: ended('partial'),
    failed: ended('failed'),
    canceled: ended('canceled'),
    denied: ended('denied'),
  };
}

/** The numbers of bulks that the viewer may know of: one answer per id. */
export async function countsOf({ db }: Store, bulkIds: readonly string[]): Promise<BulkCounts[]> {
  const { rows } = await sql<Row>`
    select item.bulk_id, item.result, erasure.state, count(*)::int as count
    from bulk_item item
    left join erasure on erasure.id = item.erasure_id and item.result = 'CREATED'
    where item.bulk_id = any(${[...bulkIds]})
    group by item.bulk_id, item.result, erasure.state
  `.execute(db);
  return bulkIds.map((id) => countsFrom(rows.filter((row) => row.bulk_id === id)));
}
