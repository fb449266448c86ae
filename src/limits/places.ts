/** Places for calls that run at the same time, given out in the order in which they were asked for. */
export class Places {
  #free: number;
  readonly #queue: ((leave: () => void) => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** A place, once there is one; to be left when done. */
  take(): Promise<() => void> {
    return new Promise((resolve) => {
      this.#queue.push(resolve);
      this.#serve();
    });
  }

  #serve(): void {
    while (this.#free > 0 && this.#queue.length > 0) {
      this.#free--;
      this.#queue.shift()!(() => {
        this.#free++;
        this.#serve();
      });
    }
  }
}
