import type { ServerResponse } from 'node:http';
import { GraphQLError } from 'graphql';
import type { Viewer } from '../access/viewer.ts';
import type { Standing } from '../limits/caller-limit.ts';
import type { Parts } from './context.ts';
import { unauthenticated } from './refusals.ts';

const WINDOW_SECONDS = 60;

const secondsUntil = (time: Date, now: Date): number =>
  Math.max(Math.ceil((time.getTime() - now.getTime()) / 1000), 1);

/** The fields of draft-ietf-httpapi-ratelimit-headers, version 11. */
function tell(response: ServerResponse, standings: readonly Standing[], now: Date): void {
  const policies = standings.map(({ name, perMinute }) => `"${name}";q=${perMinute};w=${WINDOW_SECONDS}`);
  const limits = standings.map(({ name, left, fullAt }) => {
    return `"${name}";r=${Math.floor(left)};t=${secondsUntil(fullAt, now)}`;
  });
  response.setHeader('ratelimit-policy', policies.join(', '));
  response.setHeader('ratelimit', limits.join(', '));
}

/**
 * Lets a viewer spend points, and tells in the answer's headers, where it has any, what is left.
 *
 * @throws {GraphQLError} `RATE_LIMITED`
 */
export async function charge(
  { callerLimit, erasures: { clock } }: Parts,
  viewer: Viewer | null,
  points: number,
  response: ServerResponse | null,
): Promise<void> {
  if (!viewer) throw unauthenticated();
  const { standings, retryAt } = await callerLimit.spend(viewer, points);
  const now = clock.now();
  if (response) tell(response, standings, now);
  if (!retryAt) return;
  response?.setHeader('retry-after', secondsUntil(retryAt, now));
  throw new GraphQLError('Too much was asked for in the last minute.', {
    extensions: { code: 'RATE_LIMITED', retryAt: retryAt.toISOString(), http: { status: 429 } },
  });
}
