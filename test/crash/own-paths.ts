import type { VendorName } from '../../src/commands/launch-sandbox.ts';
import type { Person } from '../../src/sandbox/people.ts';

/** The paths that a deletion of this person may delete at each vendor: the account itself first. */
export function ownPaths(person: Person): Record<VendorName, [account: string, ...others: string[]]> {
  const { email, particle, engagelab, learn, vpn, onelogin } = person;
  const product = '/v1/products/sandbox-product';
  const devices = particle!.deviceIds.map((id) => `${product}/devices/${id}/owner`);
  return {
    particle: [`${product}/customers/${encodeURIComponent(email)}`, ...devices],
    engagelab: [`/v4/devices/${engagelab!.registrationId}`],
    learn: [`/rest/v2/users/ref/${encodeURIComponent(learn!.ref)}`],
    vpn: [`/customer/${vpn!.userId}`],
    onelogin: [`/api/2/users/${onelogin!.id}`],
  };
}
