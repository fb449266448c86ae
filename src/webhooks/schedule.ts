/** Waits in ms before the second, third … try, as the Standard Webhooks specification suggests: three days in all. */
const RETRY_WAITS_MS = [
  5_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, 50_400_000, 72_000_000, 86_400_000,
];

/** So much longer, at the most, is waited than the schedule says, so that receivers are not met by all at once. */
const JITTER = 0.2;

/** The wait in ms after so many tries have failed; null when that was the last. */
export function waitAfter(attempts: number, random = Math.random()): number | null {
  const wait = RETRY_WAITS_MS[attempts - 1];
  return wait === undefined ? null : wait * (1 + JITTER * random);
}
