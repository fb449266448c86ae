import type { Store } from '../../src/store/store.ts';

/** Which entry stands where. */
export const placesInOrder = ({ db }: Store): Promise<{ index: number; entry_id: number }[]> =>
  db.selectFrom('audit_leaf').selectAll().orderBy('index').execute();

/** What is hashed into the tree. */
export async function leavesInOrder({ db }: Store): Promise<Buffer[]> {
  const rows = await db
    .selectFrom('audit_leaf')
    .innerJoin('audit_entry', 'audit_entry.id', 'audit_leaf.entry_id')
    .select('leaf')
    .orderBy('index')
    .execute();
  return rows.map(({ leaf }) => Buffer.from(leaf));
}
