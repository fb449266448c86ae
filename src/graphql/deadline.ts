const OVER = new DOMException('the request is over', 'AbortError');

/**
 * Aborts after a time, or when another signal does. `AbortSignal.any` and `AbortSignal.timeout` would do the same in
 * three times the time.
 */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;

  constructor(ms: number, gone: AbortSignal) {
    const abort = (): void => this.#abort(gone.reason);
    gone.addEventListener('abort', abort, { once: true });
    this.#timer = setTimeout(() => {
      this.#abort(new DOMException(`there was no answer within ${ms} ms`, 'TimeoutError'));
    }, ms).unref();
    if (gone.aborted) abort();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Nobody waits any more. */
  end(): void {
    this.#abort(OVER);
  }

  #abort(reason: unknown): void {
    clearTimeout(this.#timer);
    this.#controller.abort(reason);
  }
}
