import type { VendorName } from '../../src/commands/launch-sandbox.ts';
import type { Person } from '../../src/sandbox/people.ts';
import type { VendorControls } from '../support/vendors.ts';

type Row = Record<string, unknown>;

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

/** What the vendors hold of a person, and of everybody else. */
export async function holdingsOf(
  vendors: VendorControls,
  person: Person,
): Promise<{ own: Holdings; others: Holdings }> {
  const ids = idsOf(person);
  const isOwn = (row: Row): boolean => Object.values(row).some((value) => ids.has(value));
  const rows = await Promise.all(
    Object.entries(vendors).map(async ([name, vendor]) => {
      const { tokens: _tokens, ...held } = await vendor.state<Record<string, unknown>>();
      return [name, Object.values(held).filter(Array.isArray).flat() as Row[]] as const;
    }),
  );
  const holdings = (chosen: (row: Row) => boolean): Holdings =>
    Object.fromEntries(rows.map(([name, all]) => [name, all.filter(chosen)])) as Holdings;
  return { own: holdings(isOwn), others: holdings((row) => !isOwn(row)) };
}
