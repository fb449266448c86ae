/** The most that a timer can wait; a longer one would ring at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Does something at a time, however far off. Returns what calls it off. */
function at(time: number, act: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    const left = time - Date.now();
    if (left <= 0) act();
    else timer = setTimeout(wait, Math.min(left, MAX_TIMER_MS)).unref();
  };
  wait();
  return () => clearTimeout(timer);
}

/**
 * The events of a stream while the token lasts that it was opened with, and none after that. Then `end` tells the
 * source of the events, which may be waiting for one. Real time, for that is what tokens are judged by.
 */
export async function* untilTokenEnds<Event>(
  events: AsyncIterable<Event>,
  expiresAt: Date,
  end: AbortController,
): AsyncGenerator<Event> {
  const callOff = at(expiresAt.getTime(), () => end.abort());
  try {
    for await (const event of events) {
      if (end.signal.aborted) return;
      yield event;
    }
  } finally {
    callOff();
  }
}
