/** A time further off than this, or past, is no time to come back. */
const ABSURD_WAIT_MS = 30 * 24 * 3_600_000;
/** Whoever names a later time is asked again after a day. */
const LONGEST_WAIT_MS = 24 * 3_600_000;

/** The time, or a day from now where it is later. */
export function soonEnough(time: Date | undefined, now = Date.now()): Date | undefined {
  return time && new Date(Math.min(time.getTime(), now + LONGEST_WAIT_MS));
}

/** When a `Retry-After` header (RFC 9110, section 10.2.3: seconds or an HTTP date) says to come back. */
export function retryAfter(value: string | string[] | undefined, now = Date.now()): Date | undefined {
  if (typeof value !== 'string') return undefined;
  const time = /^\d+$/.test(value) ? now + Number(value) * 1000 : Date.parse(value);
  return time >= now && time <= now + ABSURD_WAIT_MS ? new Date(time) : undefined;
}
