import { openStore, type StoreLocation } from '../../src/store/store.ts';

const TABLES = ['manager', 'customer', 'link'] as const;
/** Rows in one statement, which takes 65,535 values. */
const ROWS = 1_000;

/** Makes everyone whom a store knows known to another, by the same ids. */
export async function copyEveryone(from: StoreLocation, to: StoreLocation): Promise<void> {
  const [source, target] = [await openStore(from), await openStore(to)];
  for (const table of TABLES) {
    const rows = await source.db.selectFrom(table).selectAll().execute();
    for (let at = 0; at < rows.length; at += ROWS)
      await target.db
        .insertInto(table)
        .values(rows.slice(at, at + ROWS))
        .execute();
  }
  await Promise.all([source.close(), target.close()]);
}
