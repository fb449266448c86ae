import { sql } from 'kysely';
import type { Store, Tx } from '../store/store.ts';
import { Frontier } from './frontier.ts';
import { leafHash } from './merkle.ts';
import { selectEntries, type WrittenEntry } from './read.ts';
import { subtreesOf } from './subtrees.ts';
import { nodeHashes, treeSize } from './tree.ts';

/** Told of entries in the transaction that gives them their place, and so of each exactly once. */
export type OnEntries = (tx: Tx, entries: readonly WrittenEntry[]) => Promise<void>;

const AT_ONCE = 500;

const isAnyPending = async ({ db }: Store): Promise<boolean> =>
  (await db.selectFrom('audit_pending').select('entry_id').limit(1).executeTakeFirst()) !== undefined;

/** Processes append one after the other: the tree has one right edge. */
const takeTurn = (tx: Tx) =>
  sql`select pg_advisory_xact_lock(hashtextextended('customer-gateway audit tree', 0))`.execute(tx);

/** Appends leaves to the tree, in the order given. */
async function append(tx: Tx, leaves: readonly { id: number; leaf: string }[]): Promise<void> {
  const size = await treeSize(tx);
  const refs = subtreesOf({ begin: 0, end: size });
  const hashes = await nodeHashes(tx, refs);
  const frontier = new Frontier(refs.map((ref, i) => ({ ...ref, hash: hashes[i]! })));
  const places = leaves.map(({ id }, i) => ({ index: size + i, entry_id: id }));
  const nodes = leaves.flatMap(({ leaf }, i) => frontier.append(size + i, leafHash(Buffer.from(leaf))));
  await tx.insertInto('audit_leaf').values(places).execute();
  await tx.insertInto('audit_node').values(nodes).execute();
}

/**
 * Gives entries that wait their places in the tree, as many as are taken at once. Ids do not tell the order in which
 * transactions commit, so an entry gets its place once it is seen. Returns how many.
 */
export async function integrate(store: Store, onEntries?: OnEntries): Promise<number> {
  if (!(await isAnyPending(store))) return 0;
  return store.transaction(async (tx) => {
    await takeTurn(tx);
    const rows = await selectEntries(tx)
      .select('audit_entry.leaf')
      .innerJoin('audit_pending', 'audit_pending.entry_id', 'audit_entry.id')
      .orderBy('audit_entry.id')
      .limit(AT_ONCE)
      .execute();
    if (rows.length === 0) return 0;
    await append(tx, rows);
    await onEntries?.(tx, rows);
    const ids = rows.map(({ id }) => id);
    await tx.deleteFrom('audit_pending').where('entry_id', 'in', ids).execute();
    return rows.length;
  });
}
