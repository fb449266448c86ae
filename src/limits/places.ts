interface Waiting {
  give(leave: () => void): void;
}

/** Places for calls that run at the same time, given out in the order in which they were asked for. */
export class Places {
  #free: number;
  /** No set: what is deleted from one may be kept by V8 until the next full collection, with all that waits for it. */
  readonly #queue: Waiting[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** A place, when one is free and nobody waits; to be left when done. */
  takeNow(): (() => void) | null {
    if (this.#free === 0 || this.#queue.length > 0) return null;
    this.#free--;
    return () => this.#leave();
  }

  /** A place, once there is one; to be left when done. Rejects with the signal's reason when that aborts before. */
  take(signal?: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#queue.splice(this.#queue.indexOf(waiting), 1);
        reject(signal!.reason);
      };
      const waiting: Waiting = {
        give(leave) {
          signal?.removeEventListener('abort', abort);
          resolve(leave);
        },
      };
      this.#queue.push(waiting);
      signal?.addEventListener('abort', abort, { once: true });
      if (signal?.aborted) abort();
      else this.#serve();
    });
  }

  #serve(): void {
    while (this.#free > 0 && this.#queue.length > 0) {
      this.#free--;
      this.#queue.shift()!.give(() => this.#leave());
    }
  }

  #leave(): void {
    this.#free++;
    this.#serve();
  }
}
