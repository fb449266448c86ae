import type { RateLimit } from '../providers/provider.ts';

/** How calls are spread so that a limit holds in every stretch of its length, wherever the stretch begins. */
export interface Pace {
  /** Between one call's turn and the next. */
  intervalMs: number;
  /** How many may go at once after a quiet time. */
  burst: number;
  /**
   * So much later than its time a turn may be used, which is less than what is left unused; so a busy process may take
   * turns ahead for as long, and does not write to the store with every call.
   */
  aheadMs: number;
}

/** Of the length of a limit. */
const AHEAD_SHARE = 0.03;
const MOST_AHEAD_MS = 250;

/** Where there is no limit. */
export const UNLIMITED: Pace = { intervalMs: 0, burst: 1, aheadMs: MOST_AHEAD_MS };

/** Left unused of a limit by the second, for calls that reach the provider a little later or sooner than they left. */
const HEADROOM = 0.035;

/**
 * A limit by the second is spread evenly; of a longer one, half may go at once and the other half is spread over its
 * length, so that no stretch has more than the whole.
 */
export function paceOf({ requests, perSeconds }: RateLimit): Pace {
  const burst = perSeconds > 1 ? Math.max(Math.floor(requests / 2), 1) : 1;
  const spread = perSeconds > 1 && requests > 1 ? requests - burst : requests * (1 - HEADROOM);
  const aheadMs = Math.min(perSeconds * 1000 * AHEAD_SHARE, MOST_AHEAD_MS);
  return { intervalMs: (perSeconds * 1000) / spread, burst, aheadMs };
}
