import { leafHash, nodeHash, type Hash } from '../../src/audit/merkle.ts';
import { foldSubtrees, subtreesOf, type Range } from '../../src/audit/subtrees.ts';

/** The hash of a range of leaves as the gateway computes it, from full subtrees. */
export function hashesOf(leaves: readonly Uint8Array[]): (range: Range) => Hash {
  const levels: Hash[][] = [leaves.map(leafHash)];
  for (let below = levels[0]!; below.length > 1; below = levels.at(-1)!) {
    levels.push(
      Array.from({ length: Math.floor(below.length / 2) }, (_, i) =>
        nodeHash(below[2 * i]!, below[2 * i + 1]!),
      ),
    );
  }
  return (range) => foldSubtrees(subtreesOf(range).map(({ level, index }) => levels[level]![index]!));
}
