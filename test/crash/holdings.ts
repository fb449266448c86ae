import type { VendorName } from '../../src/commands/launch-sandbox.ts';
import type { Person } from '../../src/sandbox/people.ts';
import type { VendorControl, VendorControls } from '../support/vendors.ts';

export type Row = Record<string, unknown>;

/** Records at each vendor. */
export type Holdings = Record<VendorName, Row[]>;

/** Whether a record of an erased person holds nothing of theirs any more. */
export const isGone: Record<VendorName, (row: Row) => boolean> = {
  particle: (device) => device['owner'] === null,
  engagelab: ({ goneAt }) => goneAt !== null && Number(goneAt) <= Date.now(),
  learn: ({ deleted, email, ref, firstName, lastName }) =>
    deleted === true && [email, ref, firstName, lastName].every((value) => value === null),
  vpn: ({ deletedAt }) => deletedAt !== null,
  onelogin: ({ goneAt }) => goneAt !== null && Number(goneAt) <= Date.now(),
};

function idsOf({ email, particle, engagelab, learn, vpn, onelogin }: Person): ReadonlySet<unknown> {
  return new Set<unknown>([
    email,
    ...(particle?.deviceIds ?? []),
    engagelab?.registrationId,
    learn?.id,
    vpn?.userId,
    onelogin?.id,
  ]);
}

/** What one vendor holds of a person, and of everybody else. */
export async function holdingsAt(
  vendor: VendorControl,
  person: Person,
): Promise<{ own: Row[]; others: Row[] }> {
  const ids = idsOf(person);
  const isOwn = (row: Row): boolean => Object.values(row).some((value) => ids.has(value));
  const { tokens: _tokens, ...held } = await vendor.state<Record<string, unknown>>();
  const rows = Object.values(held).filter(Array.isArray).flat() as Row[];
  return { own: rows.filter(isOwn), others: rows.filter((row) => !isOwn(row)) };
}

/** What the vendors hold of a person, and of everybody else. */
export async function holdingsOf(
  vendors: VendorControls,
  person: Person,
): Promise<{ own: Holdings; others: Holdings }> {
  const places = await Promise.all(
    Object.entries(vendors).map(async ([name, vendor]) => [name, await holdingsAt(vendor, person)] as const),
  );
  const of = (whose: 'own' | 'others'): Holdings =>
    Object.fromEntries(places.map(([name, held]) => [name, held[whose]])) as Holdings;
  return { own: of('own'), others: of('others') };
}
