import type { Store, Tx } from '../store/store.ts';
import type { Hash } from './merkle.ts';
import {
  consistencyRanges,
  foldSubtrees,
  inclusionRanges,
  subtreesOf,
  type NodeRef,
  type Range,
} from './subtrees.ts';

type Reader = Store['db'] | Tx;

/** How many entries have their place in the tree. */
export async function treeSize(db: Reader): Promise<number> {
  const row = await db
    .selectFrom('audit_leaf')
    .select((eb) => eb.fn.max('index').as('last'))
    .executeTakeFirst();
  return row?.last == null ? 0 : row.last + 1;
}

const nameOf = ({ level, index }: NodeRef): string => `${level}/${index}`;

/** The hashes of full subtrees, in order. */
export async function nodeHashes(db: Reader, refs: readonly NodeRef[]): Promise<Hash[]> {
  if (refs.length === 0) return [];
  const rows = await db
    .selectFrom('audit_node')
    .selectAll()
    .where((eb) => eb.or(refs.map(({ level, index }) => eb.and({ level, index }))))
    .execute();
  const hashes = new Map(rows.map((row) => [nameOf(row), row.hash]));
  return refs.map((ref) => {
    const hash = hashes.get(nameOf(ref));
    if (!hash) throw new Error(`the audit tree has no node ${nameOf(ref)}`);
    return hash;
  });
}

async function rangeHashes(db: Reader, ranges: readonly Range[]): Promise<Hash[]> {
  const parts = ranges.map(subtreesOf);
  const hashes = await nodeHashes(db, parts.flat());
  return parts.map((part) => foldSubtrees(hashes.splice(0, part.length)));
}

/** The root of the first `size` leaves. */
export async function rootOf(db: Reader, size: number): Promise<Hash> {
  return (await rangeHashes(db, [{ begin: 0, end: size }]))[0]!;
}

/** Proof that a leaf is the one at its index in the tree of the first `size` (RFC 9162, section 2.1.3.1). */
export const inclusionProof = (db: Reader, index: number, size: number): Promise<Hash[]> =>
  rangeHashes(db, inclusionRanges(index, size));

/** Proof that the tree of the first `to` leaves begins with that of the first `from` (RFC 9162, section 2.1.4.1). */
export const consistencyProof = (db: Reader, from: number, to: number): Promise<Hash[]> =>
  rangeHashes(db, consistencyRanges(from, to));
