/** The promise, or the error that `gone` makes when the signal ends first. What was begun goes on. */
export async function unlessAborted<T>(
  signal: AbortSignal,
  promise: Promise<T>,
  gone: () => Error,
): Promise<T> {
  let abort = (): void => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(gone());
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
