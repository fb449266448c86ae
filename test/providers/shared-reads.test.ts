import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../src/providers/index.ts';
import type { Account, Age, Found, Integration } from '../../src/providers/provider.ts';
import { Secret } from '../../src/providers/secret.ts';
import { people } from '../../src/sandbox/people.ts';
import { startVendor, type Vendor } from '../../src/sandbox/vendor.ts';
import { vpn, VPN_TOKEN } from '../../src/sandbox/vpn.ts';
import { VendorControl } from '../support/vendors.ts';

/** Answers so slowly that whatever is done at once is done before; the answer says how things were at its beginning. */
const SLOWLY = { kind: 'SLOW_BODY', method: 'GET', ms: 2 } as const;
const ME = 'user1';
const OTHER = 'user3';

let vendor: Vendor;
let control: VendorControl;
let integration: Integration;

beforeAll(async () => {
  vendor = await startVendor(vpn(people(10)));
  control = new VendorControl(vendor.url);
  const settings = { baseUrl: vendor.url, token: new Secret(VPN_TOKEN), lookup: true };
  integration = connect({ id: 'vpn', provider: 'VPN', network: 'ANY', settings });
});

afterAll(async () => {
  await integration.close();
  await vendor.close();
});

afterEach(() => control.reset());

const look = (
  users = [ME],
  age: Age = 'RECENT',
  signal = AbortSignal.timeout(10_000),
): Promise<readonly Found[]> =>
  integration.find(
    users.map((value) => ({ kind: 'USER_ID', value })),
    signal,
    age,
  );

const reads = async (): Promise<string[]> =>
  (await control.calls()).filter(({ method }) => method === 'GET').map(({ path }) => path);

const account = async (): Promise<Account> => {
  const [found] = await look([ME], 'FRESH');
  await control.forget();
  return (found as readonly Account[])[0]!;
};

describe('who looks for the same at the same time', () => {
  test('shares one call, and nothing is kept of it', async () => {
    await control.fault(SLOWLY);
    const signal = AbortSignal.timeout(10_000);
    const all = await Promise.all([
      look(),
      look(),
      look([ME], 'RECENT', signal),
      look([ME], 'RECENT', signal),
    ]);
    expect(new Set(all.map((found) => JSON.stringify(found))).size).toBe(1);
    expect(all[0]).toMatchObject([[{ externalId: ME }]]);
    expect(await reads()).toHaveLength(1);
    await look();
    expect(await reads()).toHaveLength(2);
  });

  test('does not share with who looks for something else, or acts on what is there', async () => {
    await control.fault(SLOWLY);
    await Promise.all([look(), look([OTHER]), look([ME], 'FRESH'), look([ME], 'FRESH')]);
    expect((await reads()).toSorted()).toEqual([...Array(3).fill(`/customer/${ME}`), `/customer/${OTHER}`]);
    await control.forget();
    const [both] = await Promise.all([look([ME, OTHER]), look([ME, OTHER])]);
    expect(both).toMatchObject([[{ externalId: ME }], [{ externalId: OTHER }]]);
    expect(await reads()).toHaveLength(2);
  });

  test('is told of a failure together, and the next one asks again', async () => {
    await control.fault({ kind: 'STATUS', status: 503, times: 1 });
    const all = await Promise.all([look(), look()]);
    expect(all).toMatchObject([[{ code: 'UNAVAILABLE' }], [{ code: 'UNAVAILABLE' }]]);
    expect(await look()).toMatchObject([[{ externalId: ME }]]);
    expect(await reads()).toHaveLength(2);
  });
});

describe('who goes away', () => {
  test('is told so at once, and the others have their answer of the same call', async () => {
    await control.fault(SLOWLY);
    const stays = look();
    const leaving = new AbortController();
    const gone = look([ME], 'RECENT', leaving.signal);
    leaving.abort();
    await expect(gone).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await stays).toMatchObject([[{ externalId: ME }]]);
    expect(await reads()).toHaveLength(1);
  });

  test('and was the first to look, leaves the others one call that they share', async () => {
    await control.fault({ kind: 'HANG', times: 1 });
    const leaving = new AbortController();
    const gone = look([ME], 'RECENT', leaving.signal).catch((error: unknown) => error);
    const stay = [look(), look(), look()];
    await expect.poll(reads).toHaveLength(1);
    leaving.abort();
    expect(await gone).toMatchObject([{ code: 'UNAVAILABLE' }]);
    for (const found of await Promise.all(stay)) expect(found).toMatchObject([[{ externalId: ME }]]);
    expect(await reads()).toHaveLength(2);
  });

  test('is not waited for by who comes later', async () => {
    await control.fault({ kind: 'HANG', times: 1 });
    const leaving = new AbortController();
    const gone = look([ME], 'RECENT', leaving.signal).catch((error: unknown) => error);
    await expect.poll(reads).toHaveLength(1);
    leaving.abort();
    expect(await look()).toMatchObject([[{ externalId: ME }]]);
    await gone;
    expect(await reads()).toHaveLength(2);
  });
});

describe('a change of accounts', () => {
  test('is a fence: nobody joins over its beginning or its end what was begun before', async () => {
    const known = await account();
    await control.fault({ ...SLOWLY, times: 2 });
    const before = look();
    await expect.poll(reads).toHaveLength(1);
    const deleted = integration.delete(known, AbortSignal.timeout(10_000));
    const meanwhile = look();
    await deleted;
    const [after, again] = [look(), look()];
    expect(await after).toEqual([[]]);
    expect(await again).toEqual([[]]);
    expect(await before).toMatchObject([[{ externalId: ME }]]);
    await meanwhile;
    expect(await reads()).toHaveLength(3);
  });
});
