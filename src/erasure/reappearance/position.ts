import type { Integration } from '../../providers/provider.ts';
import type { Store, Tx } from '../../store/store.ts';
import type { ErasureContext } from '../context.ts';

/** How far a round of looking for re-appearances has come at an integration. */
export interface Position {
  integration: Integration;
  round: number;
  /** Where the next page begins; null at the start. */
  cursor: string | null;
  pages: number;
  failures: number;
  notBefore: Date | null;
  /** Whether there is no more to do in this round. */
  ended: boolean;
  /** When the list was last read to its end, in whatever round. */
  sweptAt: Date | null;
}

const START = { cursor: null, pages: 0, failures: 0, notBefore: null, ended: false };

/** The positions of all integrations that can list. */
export async function positionsIn(
  { store, integrations }: Pick<ErasureContext, 'store' | 'integrations'>,
  round: number,
): Promise<Position[]> {
  const rows = await store.db.selectFrom('sweep_position').selectAll().execute();
  const listed = [...integrations.values()].filter(({ list }) => list !== undefined);
  return listed.map((integration) => {
    const row = rows.find((one) => one.integration_id === integration.id);
    const sweptAt = row?.swept_at ?? null;
    if (row?.round !== round) return { integration, round, ...START, sweptAt };
    const { cursor, pages, failures, not_before: notBefore, ended } = row;
    return { integration, round, cursor, pages, failures, notBefore, ended, sweptAt };
  });
}

export async function changePosition(
  db: Store['db'] | Tx,
  position: Position,
  change: Partial<Position>,
): Promise<void> {
  const { integration, round, cursor, pages, failures, notBefore, ended, sweptAt } = {
    ...position,
    ...change,
  };
  const values = { round, cursor, pages, failures, not_before: notBefore, ended, swept_at: sweptAt };
  await db
    .insertInto('sweep_position')
    .values({ integration_id: integration.id, ...values })
    .onConflict((conflict) => conflict.column('integration_id').doUpdateSet(values))
    .execute();
}

/** When each integration's list was last read to its end; null where it never was. */
export async function sweptAt(store: Store, integrationIds: readonly string[]): Promise<(Date | null)[]> {
  const rows = await store.db.selectFrom('sweep_position').select(['integration_id', 'swept_at']).execute();
  return integrationIds.map((id) => rows.find((row) => row.integration_id === id)?.swept_at ?? null);
}
