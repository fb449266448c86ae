import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '../../src/providers/index.ts';
import type { Account, Integration } from '../../src/providers/provider.ts';
import { Secret } from '../../src/providers/secret.ts';
import { engagelab, ENGAGELAB_APP } from '../../src/sandbox/engagelab.ts';
import { people } from '../../src/sandbox/people.ts';
import { startVendor, type Vendor } from '../../src/sandbox/vendor.ts';
import { VendorControl } from '../support/vendors.ts';

const [person] = people(1);
let vendor: Vendor;
let control: VendorControl;
let integration: Integration;

beforeAll(async () => {
  vendor = await startVendor(engagelab(people(3)));
  control = new VendorControl(vendor.url);
  const settings = {
    baseUrl: vendor.url,
    appKey: ENGAGELAB_APP.key,
    masterSecret: new Secret(ENGAGELAB_APP.secret),
  };
  integration = connect({ id: 'app', provider: 'ENGAGELAB', settings, network: 'ANY' });
});

afterAll(async () => {
  await integration.close();
  await vendor.close();
});

const soon = (): AbortSignal => AbortSignal.timeout(5_000);

test.each([
  ['none of its tags and its alias', { tags: [], alias: '' }, 'ABSENT'],
  ['other ones instead', { tags: ['fresh'], alias: 'new_user' }, 'RECREATED'],
  ['one of its tags', { tags: ['fresh', 'vip'], alias: '' }, 'PRESENT'],
  ['its alias', { tags: [], alias: 'user_1' }, 'PRESENT'],
])('a device that has %s after its deletion: %s', async (_name, device, sighting) => {
  await control.reset();
  const { registrationId } = person!.engagelab!;
  const [found] = await integration.find([{ kind: 'REGISTRATION_ID', value: registrationId }], soon());
  const [account] = found as Account[];
  await integration.delete(account!, soon());
  await control.fault({ kind: 'STATUS', status: 200, body: device, method: 'GET', path: '/v4/devices/' });
  expect(await integration.verify(account!, soon())).toBe(sighting);
});
