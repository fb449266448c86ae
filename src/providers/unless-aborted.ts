/** The promise, or the signal's end when that comes first. What the promise stands for goes on for whoever shares it. */
export async function unlessAborted<T>(
  signal: AbortSignal,
  promise: Promise<T>,
  ended: (reason: unknown) => Error,
): Promise<T> {
  let abort = (): void => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(ended(signal.reason));
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
