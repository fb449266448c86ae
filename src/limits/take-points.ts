import { sql } from 'kysely';
import type { Store } from '../store/store.ts';

const MINUTE_MS = 60_000;

/** Points that are asked of a limit. */
export interface Ask {
  key: string;
  perMinute: number;
  /** With fewer, nothing is taken. */
  needed: number;
  /** More are not taken. */
  wanted: number;
}

/** What a limit had, and what was taken. */
export interface Taken {
  key: string;
  /** Points that there were. */
  room: number;
  taken: number;
  /** When all of the limit will be left again, if nothing more is taken. */
  fullAt: Date;
  /** When there will be as many as were needed; null: there were. */
  retryAt: Date | null;
}

interface Row {
  key: string;
  room: number;
  full_at: Date;
  granted: boolean;
}

function takenOf({ perMinute, needed, wanted }: Ask, { key, room, full_at, granted }: Row): Taken {
  const intervalMs = MINUTE_MS / perMinute;
  const taken = granted ? Math.min(wanted, room) : 0;
  const fullAt = new Date(full_at.getTime() + taken * intervalMs);
  const retryMs = full_at.getTime() - MINUTE_MS + needed * intervalMs;
  return { key, room, taken, fullAt, retryAt: room < needed ? new Date(retryMs) : null };
}

/**
 * Takes what is wanted of all limits, as far as there is room, or nothing where one lacks what is needed, in one
 * statement: a row a limit says when all of it would be left again, and taking moves that on (the generic cell rate
 * algorithm of ITU-T I.371).
 */
export async function takePoints(db: Store['db'], asks: readonly Ask[], now: Date): Promise<Taken[]> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const values = asks.map(
    ({ key, perMinute, needed, wanted }) =>
      sql`(${key}, ${MINUTE_MS / perMinute}::float8, ${needed}::float8, ${wanted}::float8)`,
  );
  const { rows } = await sql<Row>`
    with asked (key, interval_ms, needed, wanted) as (values ${sql.join(values)}),
    held as (
      select key, full_at from caller_limit where key in (select key from asked) order by key for update
    ),
    spent as (
      select asked.*, greatest(held.full_at, ${at}) as full_at from asked left join held using (key)
    ),
    counted as (
      select *, floor((${MINUTE_MS} - extract(epoch from full_at - ${at})::float8 * 1000) / interval_ms + 0.001)
        as room from spent
    ),
    taken as (
      insert into caller_limit as c (key, full_at)
      select key, ${at} + least(wanted, room) * interval_ms * interval '1 millisecond' from counted
        where (select bool_and(room >= needed) from counted)
      on conflict (key) do update set full_at = greatest(c.full_at, ${at}) + (excluded.full_at - ${at})
      returning key
    )
    select key, room, full_at, exists (select from taken) as granted from counted
  `.execute(db);
  const byKey = new Map(rows.map((row) => [row.key, row]));
  return asks.map((ask) => takenOf(ask, byKey.get(ask.key)!));
}
