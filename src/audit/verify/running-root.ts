import { EMPTY_ROOT, nodeHash, type Hash } from '../merkle.ts';

/** The root of a list of leaves that is read one by one, in memory that grows with its logarithm. */
export class RunningRoot {
  /** Roots of full subtrees, each larger than the next: the binary digits of the size. */
  readonly #roots: Hash[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(leaf: Hash): void {
    let root = leaf;
    for (let digits = this.#size; digits % 2 === 1; digits = Math.floor(digits / 2))
      root = nodeHash(this.#roots.pop()!, root);
    this.#roots.push(root);
    this.#size++;
  }

  get root(): Hash {
    const [last = EMPTY_ROOT, ...larger] = this.#roots.toReversed();
    return larger.reduce((right, left) => nodeHash(left, right), last);
  }
}
