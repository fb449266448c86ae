import Particle from 'particle-api-js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { particle, PARTICLE_CLIENT, PARTICLE_PRODUCT } from '../../src/sandbox/particle.ts';
import { people } from '../../src/sandbox/people.ts';
import { startVendor, type Vendor } from '../../src/sandbox/vendor.ts';
import { VendorControl } from '../support/vendors.ts';

const PRODUCT = { product: PARTICLE_PRODUCT };
const CUSTOMERS = `/v1/products/${PARTICLE_PRODUCT}/customers`;
const NEW = 'new+one@example.com';
const [FIRST] = people(1);

interface Page {
  customers: { id: string; username: string }[];
  meta: { total_pages: number };
}

let vendor: Vendor;
let client: Particle;
let auth: string;

beforeAll(async () => {
  vendor = await startVendor(particle(people(60)));
});

beforeEach(async () => {
  await new VendorControl(vendor.url).reset();
  client = new Particle({
    baseUrl: vendor.url,
    clientId: PARTICLE_CLIENT.id,
    clientSecret: PARTICLE_CLIENT.secret,
  });
  auth = (await client.loginAsClientOwner()).body.access_token;
});

afterAll(() => vendor.close());

const create = () => client.createCustomer({ email: NEW, password: 'a password', ...PRODUCT });

const remove = (email: string) => client.delete({ uri: `${CUSTOMERS}/${encodeURIComponent(email)}`, auth });

const pageOf = async (page: number): Promise<Page> =>
  (await client.get<Page>({ uri: CUSTOMERS, query: { page, perPage: 20 }, auth })).body;

async function usernames(): Promise<string[]> {
  const pages = [await pageOf(1)];
  while (pages.length < pages[0]!.meta.total_pages) pages.push(await pageOf(pages.length + 1));
  return pages.flatMap(({ customers }) => customers.map(({ username }) => username));
}

describe('particle-api-js finds at the simulated Particle', () => {
  test('a token of the product', async () => {
    const { body, statusCode } = await client.loginAsClientOwner();
    expect(statusCode).toBe(200);
    expect(body).toEqual({
      token_type: 'bearer',
      access_token: expect.stringMatching(/^[0-9a-f]{40}$/),
      expires_in: 7_776_000,
      refresh_token: expect.stringMatching(/^[0-9a-f]{40}$/),
    });
  });

  test('no token for a wrong secret, nor for a person who is none', async () => {
    const stranger = new Particle({ baseUrl: vendor.url, clientId: PARTICLE_CLIENT.id, clientSecret: 'no' });
    await expect(stranger.loginAsClientOwner()).rejects.toMatchObject({
      statusCode: 400,
      body: { error: 'invalid_client' },
    });
    await expect(client.login({ username: NEW, password: 'a password' })).rejects.toMatchObject({
      statusCode: 400,
      shortErrorDescription: 'User credentials are invalid',
    });
  });

  test('a customer whom it creates, once', async () => {
    const { body, statusCode } = await create();
    expect(statusCode).toBe(201);
    expect(body.token_type).toBe('bearer');
    expect(await usernames()).toContain(NEW);
    await expect(create()).rejects.toMatchObject({ statusCode: 400, body: { error: 'customer_exists' } });
  });

  test('a customer whom it creates with the token of another at hand', async () => {
    client = new Particle({
      baseUrl: vendor.url,
      clientId: PARTICLE_CLIENT.id,
      clientSecret: PARTICLE_CLIENT.secret,
      auth,
    });
    expect((await create()).statusCode).toBe(201);
  });

  test('every customer once, page by page', async () => {
    const { body } = await client.get<Page>({ uri: CUSTOMERS, query: { page: 1, perPage: 20 }, auth });
    expect(body.customers).toHaveLength(20);
    expect(body.meta).toEqual({ page: 1, per_page: 20, total_pages: 3, total: 55 });
    const all = await usernames();
    expect(new Set(all).size).toBe(55);
    expect(all).toHaveLength(55);
  });

  test('a customer whom it deletes, and then no more', async () => {
    const token = (await create()).body.access_token;
    expect((await remove(NEW)).body).toEqual({ ok: true });
    expect(await usernames()).not.toContain(NEW);
    await expect(remove(NEW)).rejects.toMatchObject({ statusCode: 404, body: { ok: false } });
    await expect(client.deleteCurrentAccessToken({ auth: token })).rejects.toMatchObject({ statusCode: 401 });
  });

  test('a customer whose token opens nothing of the product', async () => {
    const form = {
      grant_type: 'client_credentials',
      scope: `customer=${FIRST!.email}`,
      client_id: PARTICLE_CLIENT.id,
      client_secret: PARTICLE_CLIENT.secret,
    };
    const answer = await client.request({ uri: '/oauth/token', method: 'post', form });
    const { access_token } = (answer as { body: { access_token: string } }).body;
    await expect(client.get({ uri: CUSTOMERS, auth: access_token })).rejects.toMatchObject({
      body: { error: 'invalid_scope' },
      shortErrorDescription: 'Customers are not allowed to access product and organization endpoints',
    });
    expect((await client.deleteAccessToken({ token: access_token })).body).toEqual({ ok: true });
  });

  test('the devices of the product, which it unclaims', async () => {
    const [deviceId] = FIRST!.particle!.deviceIds;
    const found = () => client.listDevices({ ...PRODUCT, deviceId: deviceId!, page: 1, perPage: 10, auth });
    expect((await found()).body).toEqual({
      devices: [{ id: deviceId, product_id: 1234, owner: FIRST!.email, online: true }],
      customers: [{ id: FIRST!.particle!.id, username: FIRST!.email }],
      meta: { page: 1, per_page: 10, total_pages: 1, total: 1 },
    });
    const { body } = await client.removeDeviceOwner({ ...PRODUCT, deviceId: deviceId!, auth });
    expect(body).toEqual({ ok: true });
    expect((await found()).body).toMatchObject({ devices: [{ owner: null }], customers: [] });
  });
});
