import type { VendorName } from '../../src/commands/launch-sandbox.ts';
import type { Person } from '../../src/sandbox/people.ts';
import { isGone } from '../crash/holdings.ts';
import type { VendorControls } from './vendors.ts';

type Row = Record<string, unknown>;

/** Where each vendor keeps its accounts, and which field is whose. */
const ACCOUNTS: Record<VendorName, { list: string; field: string; of(person: Person): unknown }> = {
  particle: { list: 'customers', field: 'id', of: ({ particle }) => particle?.id },
  engagelab: { list: 'devices', field: 'registrationId', of: ({ engagelab }) => engagelab?.registrationId },
  learn: { list: 'users', field: 'id', of: ({ learn }) => learn?.id },
  vpn: { list: 'customers', field: 'userId', of: ({ vpn }) => vpn?.userId },
  onelogin: { list: 'users', field: 'id', of: ({ onelogin }) => onelogin?.id },
};

const names = Object.keys(ACCOUNTS) as VendorName[];

/** Numbers of the people whom each vendor holds, read back from its state. */
export async function holders(
  vendors: VendorControls,
  population: readonly Person[],
): Promise<Record<VendorName, number[]>> {
  const entries = names.map(async (name) => {
    const { list, field, of } = ACCOUNTS[name];
    const rows = (await vendors[name].state<Record<string, Row[]>>())[list]!;
    const held = rows.filter((row) => name === 'particle' || !isGone[name](row));
    const ids = new Set(held.map((row) => row[field]));
    return [name, population.filter((one) => ids.has(of(one))).map(({ number }) => number)] as const;
  });
  return Object.fromEntries(await Promise.all(entries)) as Record<VendorName, number[]>;
}
