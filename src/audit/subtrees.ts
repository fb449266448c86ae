import { EMPTY_ROOT, nodeHash, type Hash } from './merkle.ts';

/** The leaves from `begin` up to and without `end`. What is kept of a tree begins every range at a multiple of its size. */
export interface Range {
  begin: number;
  end: number;
}

/** A full subtree: 2^level leaves, the `index`-th such one from the left. */
export interface NodeRef {
  level: number;
  index: number;
}

/** The largest power of two below a size: where RFC 9162 splits a tree. */
const splitOf = (size: number): number => 2 ** Math.ceil(Math.log2(size) - 1);

/** The full subtrees that a range consists of, from the left. */
export function subtreesOf({ begin, end }: Range): NodeRef[] {
  const refs: NodeRef[] = [];
  for (let from = begin; from < end;) {
    const level = Math.floor(Math.log2(end - from));
    refs.push({ level, index: from / 2 ** level });
    from += 2 ** level;
  }
  return refs;
}

/** The root over subtrees that get smaller from left to right. */
export const foldSubtrees = (hashes: readonly Hash[]): Hash =>
  hashes.length === 0 ? EMPTY_ROOT : hashes.reduceRight((right, left) => nodeHash(left, right));

/** The ranges whose roots prove that a leaf is in a tree (RFC 9162, section 2.1.3.1). */
export function inclusionRanges(index: number, size: number): Range[] {
  const ranges: Range[] = [];
  let [begin, end] = [0, size];
  while (end - begin > 1) {
    const middle = begin + splitOf(end - begin);
    if (index < middle) {
      ranges.push({ begin: middle, end });
      end = middle;
    } else {
      ranges.push({ begin, end: middle });
      begin = middle;
    }
  }
  return ranges.toReversed();
}

/** The ranges whose roots prove that a tree begins with an older one (RFC 9162, section 2.1.4.1). */
export function consistencyRanges(oldSize: number, newSize: number): Range[] {
  if (oldSize === 0 || oldSize === newSize) return [];
  const ranges: Range[] = [];
  let [begin, end] = [0, newSize];
  while (end !== oldSize) {
    const middle = begin + splitOf(end - begin);
    if (oldSize <= middle) {
      ranges.push({ begin: middle, end });
      end = middle;
    } else {
      ranges.push({ begin, end: middle });
      begin = middle;
    }
  }
  if (begin > 0) ranges.push({ begin, end });
  return ranges.toReversed();
}
