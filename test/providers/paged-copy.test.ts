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

  test('is read anew for a deletion: the page where the customer was last, or everything twice where it is gone', async () => {
    await look(LAST, 'RECENT');
    await control.forget();
    expect(await look(LAST, 'FRESH')).toMatchObject([[{ externalId: LAST }]]);
    expect(await pagesRead()).toBe(1);
    expect(await look(NOBODY, 'FRESH')).toEqual([[]]);
    expect(await pagesRead()).toBe(2 * PAGES);
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
