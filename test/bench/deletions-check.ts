import type { VendorName } from '../../src/commands/launch-sandbox.ts';
import type { Person } from '../../src/sandbox/people.ts';
import { holders } from '../support/holders.ts';
import type { VendorControls } from '../support/vendors.ts';

/** The id by which each vendor is told whom to delete. */
const ID_IN_PATH: Record<VendorName, (person: Person) => string> = {
  particle: ({ email }) => email,
  engagelab: ({ engagelab }) => engagelab!.registrationId,
  learn: ({ learn }) => learn!.ref,
  vpn: ({ vpn }) => vpn!.userId,
  onelogin: ({ onelogin }) => String(onelogin!.id),
};

/** Reads back from the vendors that the first so many are gone, each deleted once, and nobody else. */
export async function checkDeletions(
  vendors: VendorControls,
  population: readonly Person[],
  customers: number,
): Promise<void> {
  const kept = population.slice(customers).map(({ number }) => number);
  for (const [name, numbers] of Object.entries(await holders(vendors, population)))
    if (JSON.stringify(numbers) !== JSON.stringify(kept))
      throw new Error(`${name} holds ${numbers.length} people in place of ${kept.length}`);
  for (const [name, idOf] of Object.entries(ID_IN_PATH) as [VendorName, (person: Person) => string][]) {
    const meant = population.slice(0, customers).map(idOf).toSorted();
    const paths = (await vendors[name].deletes()).filter((path) => !path.endsWith('/owner')); // unclaims a device
    const deleted = paths.map((path) => decodeURIComponent(path.split('?')[0]!.split('/').at(-1)!));
    if (JSON.stringify(deleted.toSorted()) !== JSON.stringify(meant))
      throw new Error(`${name} was told to delete ${deleted.length} times, for ${meant.length} people`);
  }
}
