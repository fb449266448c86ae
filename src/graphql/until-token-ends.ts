import type { Viewer } from '../access/viewer.ts';
import type { Revocations } from '../revocation/revocations.ts';

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
 * Does something when a viewer's token expires, and within a second after it was revoked. Real time, for that is what
 * tokens are judged by. Returns what calls it off.
 */
export function whenTokenEnds(viewer: Viewer, revocations: Revocations, act: () => void): () => void {
  const callOffs = [at(viewer.expiresAt.getTime(), act), revocations.watch(viewer, act)];
  return () => callOffs.forEach((callOff) => callOff());
}

/** Whether a token has expired, by the time that ends what it opened. */
export const hasEnded = ({ expiresAt }: Viewer): boolean => expiresAt.getTime() <= Date.now();

/**
 * The events of a stream while the token lasts that it was opened with, and none after that. Then `end` tells the
 * source of the events, which may be waiting for one.
 *
 * @param ends - Calls what it is given when the token ends, and returns what calls that off.
 */
export async function* untilTokenEnds<Event>(
  events: AsyncIterable<Event>,
  ends: (act: () => void) => () => void,
  end: AbortController,
): AsyncGenerator<Event> {
  const callOff = ends(() => end.abort());
  try {
    for await (const event of events) {
      if (end.signal.aborted) return;
      yield event;
    }
  } finally {
    callOff();
  }
}
