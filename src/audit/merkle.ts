import { createHash } from 'node:crypto';

/** A SHA-256 hash. */
export type Hash = Uint8Array;

const HASH_LENGTH = 32;
const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

const sha256 = (...parts: Uint8Array[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** Root of a tree without leaves (RFC 9162, section 2.1.1). */
export const EMPTY_ROOT: Hash = sha256();

/** Hash of a leaf (RFC 9162, section 2.1.1). */
export const leafHash = (data: Uint8Array): Buffer => sha256(LEAF, data);

/** Hash of a node over its two children (RFC 9162, section 2.1.1). */
export const nodeHash = (left: Hash, right: Hash): Buffer => sha256(NODE, left, right);

const isOdd = (number: number): boolean => number % 2 === 1;
const half = (number: number): number => Math.floor(number / 2);
const isPowerOfTwo = (number: number): boolean => Number.isInteger(Math.log2(number));
const isSize = (number: number): boolean => Number.isSafeInteger(number) && number >= 0;
const areHashes = (hashes: readonly Hash[]): boolean => hashes.every((hash) => hash.length === HASH_LENGTH);
const same = (one: Hash, other: Hash): boolean => Buffer.compare(one, other) === 0;

/** The node that a proof climbs from, and the last one of its level. */
interface Climb {
  node: number;
  last: number;
}

const up = ({ node, last }: Climb): Climb => ({ node: half(node), last: half(last) });

/** A node without a right sibling is moved up as it is, to the level where it has a left one. */
function toLeftSibling(climb: Climb): Climb {
  let at = climb;
  while (!isOdd(at.node) && at.node !== 0) at = up(at);
  return at;
}

/**
 * The root that an inclusion proof leads to (RFC 9162, section 2.1.3.2), to be compared with the known one; null when it
 * is not a proof for that index and size.
 */
export function rootFromInclusionProof(
  index: number,
  size: number,
  leaf: Hash,
  proof: readonly Hash[],
): Hash | null {
  if (!isSize(index) || !isSize(size) || index >= size || !areHashes([leaf, ...proof])) return null;
  let at: Climb = { node: index, last: size - 1 };
  let root = leaf;
  for (const sibling of proof) {
    if (at.last === 0) return null;
    if (isOdd(at.node) || at.node === at.last) {
      root = nodeHash(sibling, root);
      at = toLeftSibling(at);
    } else {
      root = nodeHash(root, sibling);
    }
    at = up(at);
  }
  return at.last === 0 ? root : null;
}

/** Whether a tree's first `oldSize` leaves are those of the older tree (RFC 9162, section 2.1.4.2). */
export function consistencyHolds(
  oldSize: number,
  newSize: number,
  oldRoot: Hash,
  newRoot: Hash,
  proof: readonly Hash[],
): boolean {
  if (!isSize(oldSize) || !isSize(newSize) || oldSize > newSize) return false;
  if (!areHashes([oldRoot, newRoot, ...proof])) return false;
  if (oldSize === newSize) return proof.length === 0 && same(oldRoot, newRoot);
  if (oldSize === 0) return proof.length === 0 && same(oldRoot, EMPTY_ROOT);
  const [first, ...rest] = isPowerOfTwo(oldSize) ? [oldRoot, ...proof] : proof;
  if (!first) return false;
  return climbsToBoth({ node: oldSize - 1, last: newSize - 1 }, first, rest, oldRoot, newRoot);
}

function climbsToBoth(
  start: Climb,
  first: Hash,
  rest: readonly Hash[],
  oldRoot: Hash,
  newRoot: Hash,
): boolean {
  let at = start;
  while (isOdd(at.node)) at = up(at);
  let [older, newer] = [first, first];
  for (const hash of rest) {
    if (at.last === 0) return false;
    if (isOdd(at.node) || at.node === at.last) {
      older = nodeHash(hash, older);
      newer = nodeHash(hash, newer);
      at = toLeftSibling(at);
    } else {
      newer = nodeHash(newer, hash);
    }
    at = up(at);
  }
  return at.last === 0 && same(older, oldRoot) && same(newer, newRoot);
}
