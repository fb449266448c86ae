import type { VendorName } from '../../src/commands/launch-sandbox.ts';
import type { Row } from '../crash/holdings.ts';

/** Whether a vendor has a person's account. `GOING`: it has begun to delete, and has not done it yet. */
export type Held = 'THERE' | 'GOING' | 'GONE';

const inTime = ([account]: Row[]): Held => {
  if (!account || account['goneAt'] === null) return account ? 'THERE' : 'GONE';
  return Number(account['goneAt']) <= Date.now() ? 'GONE' : 'GOING';
};

const gone = (isGone: boolean): Held => (isGone ? 'GONE' : 'THERE');

/** From what a vendor holds of the person. */
export const heldAt: Record<VendorName, (own: Row[]) => Held> = {
  particle: (own) => gone(!own.some((row) => 'username' in row)),
  engagelab: inTime,
  learn: ([user]) => gone(['email', 'ref', 'firstName', 'lastName'].every((field) => user?.[field] === null)),
  vpn: ([customer]) => gone(customer?.['deletedAt'] !== null),
  onelogin: inTime,
};
