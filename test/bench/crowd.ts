import { people, type Person } from '../../src/sandbox/people.ts';

/** Customers of one deletion of many, as many as one may have. */
export const BULK = 1_000;

/** The manager of one bulk's customers. */
export const managerOf = (bulk: number): string => `bulk-${bulk}`;

/** Who is deleted, each known to all five vendors, and as a tenth of them besides who is not. */
export function crowd(customers: number): Person[] {
  const size = customers + Math.ceil(customers / 10);
  return people(size * 2 + 100)
    .filter(
      ({ particle, engagelab, learn, vpn, onelogin }) => particle && engagelab && learn && vpn && onelogin,
    )
    .filter(({ number, vpn }) => number % 25 !== 0 && !vpn!.activeSubscription)
    .slice(0, size)
    .map((person, i) => ({
      ...person,
      testCustomer: i < customers,
      manager: managerOf(Math.floor(i / BULK)),
    }));
}
