import type { Authenticate } from './token.ts';
import type { Viewer } from './viewer.ts';

/** So long a token is not looked at again: keys that are withdrawn end it within this time. */
const REMEMBERED_MS = 10_000;
const MOST = 5_000;

interface Known {
  viewer: Viewer;
  from: number;
  until: number;
}

/**
 * Remembers for ten seconds what a header was found to say, and never beyond the token's end: checking a signature
 * takes longer than all else that a small request needs. What was refused is looked at anew each time.
 */
export function remembered(authenticate: Authenticate): Authenticate {
  const known = new Map<string, Known>();
  const remember = (header: string, viewer: Viewer, from: number): void => {
    known.delete(header);
    known.set(header, { viewer, from, until: Math.min(from + REMEMBERED_MS, viewer.expiresAt.getTime()) });
    if (known.size > MOST) known.delete(known.keys().next().value!);
  };
  return async (headers) => {
    const [header] = headers;
    if (header === undefined || headers.length > 1) return authenticate(headers);
    const now = Date.now();
    const kept = known.get(header);
    if (kept && kept.from <= now && now < kept.until) return kept.viewer;
    known.delete(header);
    const viewer = await authenticate(headers);
    if (viewer) remember(header, viewer, now);
    return viewer;
  };
}
