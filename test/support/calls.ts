import type { VendorName } from '../../src/commands/launch-sandbox.ts';
import type { VendorControls } from './vendors.ts';

/** How many calls each vendor got. */
export type Calls = Record<VendorName, number>;

export const NO_CALLS: Calls = { particle: 0, engagelab: 0, learn: 0, vpn: 0, onelogin: 0 };

/** Calls that each vendor got, tokens apart. */
export async function callsOf(vendors: VendorControls): Promise<Calls> {
  const counts = Object.entries(vendors).map(async ([name, vendor]) => {
    return [name, (await vendor.calls()).length] as const;
  });
  return Object.fromEntries(await Promise.all(counts)) as Calls;
}

/** Calls that all vendors got together, also for tokens. */
export async function callsOfAll(vendors: VendorControls): Promise<number> {
  const ledgers = await Promise.all(Object.values(vendors).map((vendor) => vendor.ledger()));
  return ledgers.flat().length;
}

/** What is called from here on is all that counts. */
export async function forgetCalls(vendors: VendorControls): Promise<void> {
  await Promise.all(Object.values(vendors).map((vendor) => vendor.forget()));
}
