import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  consistencyHolds,
  EMPTY_ROOT,
  leafHash,
  nodeHash,
  rootFromInclusionProof,
  type Hash,
} from '../../src/audit/merkle.ts';
import { consistencyRanges, inclusionRanges } from '../../src/audit/subtrees.ts';
import { hashesOf } from './in-memory-tree.ts';
import { CONSISTENCY, INCLUSION, LEAVES, ROOTS } from './published-vectors.ts';

const MAX_SIZE = 130;

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');
const hex = (hash: Hash): string => Buffer.from(hash).toString('hex');
const published = LEAVES.map(bytes);

/** RFC 9162, section 2.1.1, word by word. */
function referenceRoot(leaves: readonly Uint8Array[]): Hash {
  if (leaves.length === 0) return EMPTY_ROOT;
  if (leaves.length === 1) return leafHash(leaves[0]!);
  const split = splitOf(leaves.length);
  return nodeHash(referenceRoot(leaves.slice(0, split)), referenceRoot(leaves.slice(split)));
}

function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

/** RFC 9162, section 2.1.3.1. */
function referencePath(index: number, leaves: readonly Uint8Array[]): Hash[] {
  if (leaves.length <= 1) return [];
  const split = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return index < split
    ? [...referencePath(index, left), referenceRoot(right)]
    : [...referencePath(index - split, right), referenceRoot(left)];
}

/** RFC 9162, section 2.1.4.1. */
function referenceConsistency(from: number, leaves: readonly Uint8Array[], whole = true): Hash[] {
  if (from === leaves.length) return whole ? [] : [referenceRoot(leaves)];
  const split = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return from <= split
    ? [...referenceConsistency(from, left, whole), referenceRoot(right)]
    : [...referenceConsistency(from - split, right, false), referenceRoot(left)];
}

interface Proof {
  /** Index of the leaf, or the older size. */
  from: number;
  size: number;
  proof: readonly Hash[];
}

const flipped = (hash: Hash, bit: number): Hash =>
  Uint8Array.from(hash, (byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));

/** Everything that is near a proof and is none. */
function spoiled({ from, size, proof }: Proof, roots: readonly Hash[]): (Proof & { how: string })[] {
  const extra = [EMPTY_ROOT, Buffer.alloc(0), ...roots, ...proof.slice(0, 1)];
  const sizes = [
    [from + 1, size],
    [from - 1, size],
    [from ^ 2, size],
    [from, size * 2],
    [from, Math.floor(size / 2)],
    [size, from],
    [from + 0.5, size],
    [-from - 1, size],
  ];
  return [
    ...sizes
      .filter(([otherFrom, otherSize]) => otherFrom !== from || otherSize !== size)
      .map(([from, size]) => ({ how: `${from} of ${size}`, from: from!, size: size!, proof })),
    ...proof.map((_, i) => ({ how: `without ${i}`, from, size, proof: proof.toSpliced(i, 1) })),
    ...proof.map((hash, i) => ({
      how: `bit of ${i}`,
      from,
      size,
      proof: proof.with(i, flipped(hash, (i * 37) % 256)),
    })),
    ...proof.map((hash, i) => ({ how: `${i} shortened`, from, size, proof: proof.with(i, hash.slice(1)) })),
    ...extra.map((hash) => ({ how: 'preceded', from, size, proof: [hash, ...proof] })),
    ...extra.map((hash) => ({ how: 'followed', from, size, proof: [...proof, hash] })),
    ...(proof.length > 1 ? [{ how: 'reversed', from, size, proof: proof.toReversed() }] : []),
    ...(proof.length > 0 ? [{ how: 'emptied', from, size, proof: [] }] : []),
  ];
}

describe('the published tree', () => {
  test.each(ROOTS.map((root, size) => [size, root] as const))('of %i leaves has its root', (size, root) => {
    expect(hex(hashesOf(published)({ begin: 0, end: size }))).toBe(root);
  });

  test.each(INCLUSION)('leaf $index is in the tree of $size by its path alone', ({ index, size, proof }) => {
    const path = proof.map(bytes);
    const leaf = leafHash(published[index]!);
    const root = (index: number, size: number, proof: readonly Hash[], of = leaf): string | null => {
      const found = rootFromInclusionProof(index, size, of, proof);
      return found && hex(found);
    };
    expect(inclusionRanges(index, size).map(hashesOf(published)).map(hex)).toEqual(proof);
    expect(root(index, size, path)).toBe(ROOTS[size]);
    expect(root(index, size, path, leafHash(published[(index + 1) % 8]!))).not.toBe(ROOTS[size]);
    expect(root(index, size, path, leaf.subarray(1))).toBeNull();
    const wrong = spoiled({ from: index, size, proof: path }, [bytes(ROOTS[size]!), leaf]);
    const accepted = wrong.filter(({ from, size: other, proof }) => root(from, other, proof) === ROOTS[size]);
    expect(accepted.map(({ how }) => how)).toEqual([]);
  });

  test.each(CONSISTENCY)('of $to begins with that of $from by its path alone', ({ from, to, proof }) => {
    const path = proof.map(bytes);
    const [older, newer] = [bytes(ROOTS[from]!), bytes(ROOTS[to]!)];
    expect(consistencyRanges(from, to).map(hashesOf(published)).map(hex)).toEqual(proof);
    expect(consistencyHolds(from, to, older, newer, path)).toBe(true);
    expect(consistencyHolds(from, to, flipped(older, 9), newer, path)).toBe(false);
    expect(consistencyHolds(from, to, older, flipped(newer, 9), path)).toBe(false);
    expect(consistencyHolds(from, to, older.subarray(1), newer, path)).toBe(false);
    if (from !== to) expect(consistencyHolds(from, to, newer, older, path)).toBe(false);
    const accepted = spoiled({ from, size: to, proof: path }, [older, newer]).filter(
      ({ from, size, proof }) => consistencyHolds(from, size, older, newer, proof),
    );
    expect(accepted.map(({ how }) => how)).toEqual([]);
  });

  test('begins with the empty one, whose root is known', () => {
    expect(consistencyHolds(0, 8, EMPTY_ROOT, bytes(ROOTS[8]!), [])).toBe(true);
    expect(consistencyHolds(0, 8, bytes(ROOTS[1]!), bytes(ROOTS[8]!), [])).toBe(false);
    expect(consistencyHolds(0, 8, EMPTY_ROOT, bytes(ROOTS[8]!), [EMPTY_ROOT])).toBe(false);
  });
});

describe('a forged proof', () => {
  const [, root1, root2, , , , , , root8] = ROOTS.map(bytes);
  const [leaf0, leaf1] = published.map(leafHash);
  const path8 = CONSISTENCY[1]!.proof.map(bytes);

  test('does not make of a node of another tree the only leaf', () => {
    expect(rootFromInclusionProof(0, 1, leaf1!, [leaf0!])).toBeNull();
  });

  test.each([
    ['hashes of other lengths', 1, 2, Buffer.concat([leaf0!, leaf1!]), root2!, [Buffer.alloc(0)]],
    ['an older tree that is larger', 2, 1, root2!, root2!, []],
    ['an older size that is no number of leaves', 1.5, 8, root1!, root8!, [root1!, ...path8]],
    ['a newer size that is no number of leaves', 1, 8.5, root1!, root8!, path8],
  ])('does not pass with %s', (_name, from, to, older, newer, proof) => {
    expect(consistencyHolds(from, to, older, newer, proof)).toBe(false);
  });
});

describe('any tree', () => {
  const leaves = Array.from({ length: MAX_SIZE }, (_, i) => Buffer.from(`leaf ${i}`));
  const rootAt = (size: number): Hash => referenceRoot(leaves.slice(0, size));
  const pair = fc
    .tuple(fc.nat(MAX_SIZE), fc.nat(MAX_SIZE))
    .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);

  test('has the root and the proofs of the RFC, and they prove', () => {
    fc.assert(
      fc.property(pair, ([from, size]) => {
        const hash = hashesOf(leaves.slice(0, size));
        const [older, newer] = [rootAt(from), rootAt(size)];
        expect(hex(hash({ begin: 0, end: size }))).toBe(hex(newer));
        if (from > 0) {
          const consistency = consistencyRanges(from, size).map(hash);
          expect(consistency).toEqual(referenceConsistency(from, leaves.slice(0, size)));
          expect(consistencyHolds(from, size, older, newer, consistency)).toBe(true);
        }
        if (from === size) return;
        const inclusion = inclusionRanges(from, size).map(hash);
        expect(inclusion).toEqual(referencePath(from, leaves.slice(0, size)));
        expect(rootFromInclusionProof(from, size, leafHash(leaves[from]!), inclusion)).toEqual(newer);
      }),
      { numRuns: 300 },
    );
  });

  test('takes no proof with a bit flipped, for another leaf, or of another tree', () => {
    fc.assert(
      fc.property(pair, fc.nat(), fc.nat(255), ([from, size], which, bit) => {
        fc.pre(from > 0 && from < size);
        const hash = hashesOf(leaves.slice(0, size));
        const newer = rootAt(size);
        const inclusion = inclusionRanges(from, size).map(hash);
        const consistency = consistencyRanges(from, size).map(hash);
        const leaf = leafHash(leaves[from]!);
        const spoil = (proof: Hash[]): Hash[] =>
          proof.with(which % proof.length, flipped(proof[which % proof.length]!, bit));
        expect(rootFromInclusionProof(from, size, leaf, spoil(inclusion))).not.toEqual(newer);
        expect(rootFromInclusionProof(from - 1, size, leaf, inclusion)).not.toEqual(newer);
        expect(consistencyHolds(from, size, rootAt(from), newer, spoil(consistency))).toBe(false);
        expect(consistencyHolds(from - 1, size, rootAt(from), newer, consistency)).toBe(false);
        expect(consistencyHolds(from, size, rootAt(from - 1), newer, consistency)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});
