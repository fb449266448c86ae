interface Waiting {
  give(leave: () => void): void;
}

/** Places for calls that run at the same time, given out in the order in which they were asked for. */
export class Places {
  #free: number;
  readonly #queue = new Set<Waiting>();

  constructor(count: number) {
    this.#free = count;
  }

  /** A place, when one is free and nobody waits; to be left when done. */
  takeNow(): (() => void) | null {
    if (this.#free === 0 || this.#queue.size > 0) return null;
    this.#free--;
    return () => this.#leave();
  }

  /** A place, once there is one; to be left when done. Rejects with the signal's reason when that aborts before. */
  take(signal?: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#queue.delete(waiting);
        reject(signal!.reason);
      };
      const waiting: Waiting = {
        give(leave) {
          signal?.removeEventListener('abort', abort);
          resolve(leave);
        },
      };
      this.#queue.add(waiting);
      signal?.addEventListener('abort', abort, { once: true });
      if (signal?.aborted) abort();
      else this.#serve();
    });
  }

  #serve(): void {
    for (const waiting of this.#queue) {
      if (this.#free === 0) return;
      this.#free--;
      this.#queue.delete(waiting);
      waiting.give(() => this.#leave());
    }
  }

  #leave(): void {
    this.#free++;
    this.#serve();
  }
}
