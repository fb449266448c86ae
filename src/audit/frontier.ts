import { nodeHash, type Hash } from './merkle.ts';
import type { NodeRef } from './subtrees.ts';

/** A full subtree with its hash. */
export interface Node extends NodeRef {
  hash: Hash;
}

/** The full subtrees that a tree consists of, which is all that appending to it needs. */
export class Frontier {
  readonly #subtrees: Node[];

  /** Takes them from the left. */
  constructor(subtrees: readonly Node[]) {
    this.#subtrees = [...subtrees];
  }

  /** Appends a leaf. Returns the subtrees that it completes, itself first. */
  append(index: number, hash: Hash): Node[] {
    const completed: Node[] = [{ level: 0, index, hash }];
    for (let right = completed[0]!; this.#subtrees.at(-1)?.level === right.level; right = completed.at(-1)!) {
      const left = this.#subtrees.pop()!;
      completed.push({
        level: right.level + 1,
        index: left.index / 2,
        hash: nodeHash(left.hash, right.hash),
      });
    }
    this.#subtrees.push(completed.at(-1)!);
    return completed;
  }
}
