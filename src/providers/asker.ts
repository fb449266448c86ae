/**
 * Somebody who asks a provider, known by the signal at whose end they wait no longer. Calls that are made for them go
 * on after that for as long as others wait for the same answer.
 */
export class Asker {
  static readonly #known = new WeakMap<AbortSignal, Asker>();
  readonly #calls = new AbortController();
  readonly #waiting = new Set<(reason: unknown) => void>();
  #guests = 0;
  #gone: { reason: unknown } | undefined;

  /** The same for the same signal, so that it has one listener, however many calls are made. */
  static of(signal: AbortSignal): Asker {
    const known = Asker.#known.get(signal);
    if (known) return known;
    const asker = new Asker();
    Asker.#known.set(signal, asker);
    signal.addEventListener('abort', () => asker.#leave(signal.reason), { once: true });
    return asker;
  }

  /** The end of the calls that are made for them: they have gone, and nobody else waits for one of these. */
  get calls(): AbortSignal {
    return this.#calls.signal;
  }

  /** What the promise brings, unless they go first. */
  wait<T>(promise: Promise<T>, gone: (reason: unknown) => Error): Promise<T> {
    return new Promise((resolve, reject) => {
      const leave = (reason: unknown): void => reject(gone(reason));
      this.#waiting.add(leave);
      promise.then(
        (value) => {
          this.#waiting.delete(leave);
          resolve(value);
        },
        (error: unknown) => {
          this.#waiting.delete(leave);
          reject(error);
        },
      );
    });
  }

  /** Keeps their calls going for somebody else, who says by what is returned that they wait no longer. */
  receive(): () => void {
    this.#guests++;
    return () => {
      this.#guests--;
      this.#endUnlessWaitedFor();
    };
  }

  #leave(reason: unknown): void {
    this.#gone = { reason };
    for (const leave of this.#waiting) leave(reason);
    this.#endUnlessWaitedFor();
  }

  #endUnlessWaitedFor(): void {
    if (this.#gone && this.#guests === 0) this.#calls.abort(this.#gone.reason);
  }
}
