import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { particle as particleProvider } from '../../src/providers/particle.ts';
import { connect } from '../../src/providers/index.ts';
import { Secret } from '../../src/providers/secret.ts';
import type { Integration } from '../../src/providers/provider.ts';
import { PARTICLE_CLIENT, PARTICLE_PRODUCT, particle } from '../../src/sandbox/particle.ts';
import { people } from '../../src/sandbox/people.ts';
import { startVendor, type Vendor } from '../../src/sandbox/vendor.ts';
import { VendorControl } from '../support/vendors.ts';

const POPULATION = people(2_000);
const CUSTOMERS = POPULATION.filter(({ particle: held }) => held);
const PAGES = Math.ceil(CUSTOMERS.length / 100);
const LAST = CUSTOMERS.at(-1)!.email;
const NOBODY = 'nobody@example.com';
const LIST = `/v1/products/${PARTICLE_PRODUCT}/customers`;

let vendor: Vendor;
let control: VendorControl;
let integration: Integration;

const open = (listAgeSeconds: number): Integration =>
  connect({
    id: 'particle',
    provider: particleProvider.id,
    network: 'ANY',
    settings: {
      baseUrl: vendor.url,
      product: PARTICLE_PRODUCT,
      clientId: PARTICLE_CLIENT.id,
      clientSecret: new Secret(PARTICLE_CLIENT.secret),
      listAgeSeconds,
    },
  });

beforeAll(async () => {
  vendor = await startVendor(particle(POPULATION));
  control = new VendorControl(vendor.url);
});

afterAll(async () => {
  await integration.close();
  await vendor.close();
});

const look = (email: string, age: 'FRESH' | 'RECENT', signal = AbortSignal.timeout(10_000)) =>
  integration.find([{ kind: 'EMAIL', value: email }], signal, age);

const pagesRead = async (): Promise<number> => {
  const calls = await control.calls();
  await control.forget();
  return calls.length;
};

describe('a product of twenty pages of customers', () => {
  beforeAll(() => {
    integration = open(60);
  });

  test('is read once for all who look at once, and not again while the copy is young', async () => {
    const looks = await Promise.all(
      Array.from({ length: 50 }, (_, i) => look(CUSTOMERS[i * 30]!.email, 'RECENT')),
    );
    expect(looks.every(([found]) => Array.isArray(found) && found.length === 1)).toBe(true);
    expect(await pagesRead()).toBeLessThanOrEqual(PAGES);
    const before = Date.now();
    const [found] = await look(CUSTOMERS[0]!.email, 'RECENT');
    expect(await pagesRead()).toBe(0);
    const { asOf } = (found as unknown as { asOf: string }[])[0]!;
    expect(Date.parse(asOf)).toBeLessThan(before);
    expect(await look(NOBODY, 'RECENT')).toEqual([[]]);
  });

  test('is read anew for a deletion: the page where the customer was last, or everything where it is gone', async () => {
    await look(LAST, 'RECENT');
    await control.forget();
    expect(await look(LAST, 'FRESH')).toMatchObject([[{ externalId: LAST }]]);
    expect(await pagesRead()).toBe(1);
    expect(await look(NOBODY, 'FRESH')).toEqual([[]]);
    expect(await pagesRead()).toBe(PAGES);
  });

  test('is read as far as somebody is met, and the places of the others are not forgotten', async () => {
    await look(LAST, 'RECENT');
    const state = await control.state<{ customers: object[] }>();
    const first = { id: 'f'.repeat(24), username: 'first@example.com' };
    await control.hold({ ...state, customers: [first, ...state.customers] });
    await control.forget();
    expect(await look(first.username, 'FRESH')).toMatchObject([[{ externalId: first.username }]]);
    expect(await pagesRead()).toBe(1);
    expect(await look(LAST, 'FRESH')).toMatchObject([[{ externalId: LAST }]]);
    expect(await pagesRead()).toBe(1);
    await control.hold(state);
  });

  test('that has shrunk to a page is not taken for that page by one of those that are no more', async () => {
    await look(LAST, 'RECENT');
    const state = await control.state<{ customers: { username: string }[] }>();
    await control.hold({ ...state, customers: state.customers.filter(({ username }) => username === LAST) });
    expect(await look(LAST, 'FRESH')).toMatchObject([[{ externalId: LAST }]]);
    await control.hold(state);
    await control.forget();
  });

  test('is read twice before somebody counts as missing, where it has moved or does not say that it has not', async () => {
    await control.assume({ tellsTotal: false });
    expect(await look(NOBODY, 'FRESH')).toEqual([[]]);
    expect(await pagesRead()).toBe(2 * PAGES);
    await control.assume({ tellsTotal: true });
    const [leaving] = (await look(CUSTOMERS[0]!.email, 'FRESH'))[0] as never[];
    await control.forget();
    await control.fault({ kind: 'LATENCY', ms: 300, path: `${LIST}?page=3&`, times: 1 });
    const missing = look(NOBODY, 'FRESH');
    await expect.poll(() => control.calls()).toHaveLength(4);
    await integration.delete(leaving!, AbortSignal.timeout(10_000));
    expect(await missing).toEqual([[]]);
    expect(await pagesRead()).toBe(2 * PAGES + 1);
  });

  test('is not believed about a customer who was deleted since', async () => {
    const { email } = CUSTOMERS[5]!;
    await look(email, 'RECENT');
    const [account] = (await look(email, 'FRESH'))[0] as never[];
    await integration.delete(account!, AbortSignal.timeout(10_000));
    await control.forget();
    expect(await look(CUSTOMERS[6]!.email, 'RECENT')).toMatchObject([[{ externalId: CUSTOMERS[6]!.email }]]);
    expect(await pagesRead()).toBe(0);
    expect(await look(email, 'RECENT')).toEqual([[]]);
    expect(await pagesRead()).toBe(PAGES);
    expect(await look(email, 'RECENT')).toEqual([[]]);
    expect(await pagesRead()).toBe(0);
  });

  test('is never taken from a copy that was begun before somebody asked', async () => {
    const signal = AbortSignal.timeout(10_000);
    const [account] = (await look(LAST, 'FRESH'))[0] as never[];
    const slow = Promise.all([look(NOBODY, 'FRESH'), look(NOBODY, 'RECENT')]);
    await integration.delete(account!, signal);
    await control.forget();
    const [verdicts] = await Promise.all([
      Promise.all(Array.from({ length: 20 }, () => integration.verify(account!, signal))),
      slow,
    ]);
    expect(new Set(verdicts)).toEqual(new Set(['ABSENT']));
    // Twenty look twice each, and share what they read: the copy that was being read, and three begun since.
    expect(await pagesRead()).toBeLessThanOrEqual(4 * PAGES);
  });

  test('ends for the one who goes away, and goes on for the others', async () => {
    await control.fault({ kind: 'LATENCY', ms: 30, method: 'GET' });
    const gone = look(NOBODY, 'FRESH', AbortSignal.timeout(40));
    const [stays] = await Promise.all([
      look(NOBODY, 'FRESH'),
      expect(gone).rejects.toMatchObject({ code: 'UNAVAILABLE' }),
    ]);
    expect(stays).toEqual([[]]);
    await control.fault();
  });

  test('whose page cannot be read is an error, never an absence', async () => {
    await control.fault({
      kind: 'STATUS',
      status: 503,
      path: `/v1/products/${PARTICLE_PRODUCT}/customers?page=7&`,
    });
    await expect(look(NOBODY, 'FRESH')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await control.fault();
    expect(await look(NOBODY, 'FRESH')).toEqual([[]]);
  });
});
