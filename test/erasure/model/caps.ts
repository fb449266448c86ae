import { PLACES, type Place } from './places.ts';

/** Small enough to be reached: so many customers an hour by role; and a day at each place, where ten always may. */
export const CAPS = { perHour: { ADMIN: 3, MASTER: 1, RESALE: 2 }, sharePerDay: 0 };
const PER_DAY_AT_A_PLACE = 10;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

interface Request {
  customer: number;
  role: keyof typeof CAPS.perHour;
  requestedAt: number;
  meant: readonly Place[];
}

const customers = (requests: readonly Request[]): number =>
  new Set(requests.map(({ customer }) => customer)).size;

/** Which caps the last of some accepted requests has broken. */
export function capsBroken(requests: readonly Request[]): string[] {
  const { role, requestedAt: now } = requests.at(-1)!;
  const since = (ms: number): Request[] => requests.filter(({ requestedAt }) => requestedAt > now - ms);
  const byRole = customers(since(HOUR_MS).filter((one) => one.role === role));
  const broken = byRole > CAPS.perHour[role] ? [`${byRole} customers in an hour by ${role}`] : [];
  for (const place of PLACES) {
    const there = customers(since(DAY_MS).filter(({ meant }) => meant.includes(place)));
    if (there > PER_DAY_AT_A_PLACE) broken.push(`${there} customers in a day at ${place}`);
  }
  return broken;
}
