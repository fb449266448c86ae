import { Client } from '@onelogin/sdk';
import type { HTTPResponse } from '@onelogin/sdk/dist/http_clients/http_interface.js';
import type { OneLoginHTTPClient } from '@onelogin/sdk/dist/http_clients/onelogin_http_client.js';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { ONELOGIN_CLIENT } from '../../src/sandbox/onelogin-tokens.ts';
import { onelogin } from '../../src/sandbox/onelogin.ts';
import { people } from '../../src/sandbox/people.ts';
import { startVendor, type Vendor } from '../../src/sandbox/vendor.ts';
import { VendorControl } from '../support/vendors.ts';

const USERS = '/api/2/users';
const NEW = { email: 'new+one@example.com', username: 'new.one', firstname: 'New', lastname: 'One' };

let vendor: Vendor;
let control: VendorControl;
let client: Client;

/** The client speaks https alone, until its adapter is told otherwise. */
function connect(clientSecret = ONELOGIN_CLIENT.secret): Client {
  const made = new Client({
    clientID: ONELOGIN_CLIENT.id,
    clientSecret,
    baseURL: 'https://unused',
    timeout: 3_000,
  });
  const headers = { common: { 'Content-Type': 'application/json', Accept: 'application/json' } };
  transport(made).client.Configure({ baseURL: vendor.url, timeout: 3_000, headers });
  return made;
}

const transport = ({ client }: Client) => client as OneLoginHTTPClient;

beforeAll(async () => {
  vi.spyOn(console, 'log').mockReturnValue(); // the client tells of every call
  vendor = await startVendor(onelogin(people(120)));
  control = new VendorControl(vendor.url);
});

beforeEach(async () => {
  await control.reset();
  client = connect();
});

afterAll(async () => {
  vi.restoreAllMocks();
  await vendor.close();
});

const get = (url: string, params: object = {}): Promise<HTTPResponse> =>
  client.client.Do({ url, method: 'get', params });

const create = (user: object): Promise<HTTPResponse> =>
  client.client.Do({ url: USERS, method: 'post', data: user });

const remove = (id: number, url = USERS) => client.resourceRepository.DestroyResource({ url, id });

describe('@onelogin/sdk finds at the simulated OneLogin', () => {
  test('a token, the same for every client until it expires', async () => {
    await get(USERS);
    const { accessToken, accessTokenExpiry } = transport(client);
    expect(accessToken).toMatch(/^\w+$/);
    expect((accessTokenExpiry.getTime() - Date.now()) / 3_600_000).toBeCloseTo(10, 1);
    const other = connect();
    await transport(other).getAccessToken();
    expect(transport(other).accessToken).toBe(accessToken);
  });

  test('no token for a wrong secret', async () => {
    client = connect('no');
    expect(await get(USERS)).toMatchObject({
      status: 401,
      data: { message: 'Unauthorized', name: 'UnauthorizedError', statusCode: 401 },
    });
    expect(transport(client).accessToken).toBeUndefined();
  });

  test('a user whom it creates, once', async () => {
    const { status, data } = await create(NEW);
    expect(status).toBe(201);
    expect(data).toMatchObject({ ...NEW, id: expect.any(Number), status: 0, last_login: null });
    expect((await get(`${USERS}/${data.id}`)).data).toEqual(data);
    expect((await get(USERS, { email: NEW.email })).data).toEqual([data]);
    expect((await create(NEW)).status).toBe(422);
    expect((await create({ firstname: 'Nobody' })).status).toBe(422);
    expect((await create({ username: 'by.name.alone' })).data).toMatchObject({ email: null });
    expect((await create({ email: 'by.email.alone@example.com' })).status).toBe(201);
  });

  test('a user whom it may not create, for its credential may only read', async () => {
    await control.assume({ scope: 'Read Users' });
    expect(await create(NEW)).toMatchObject({ status: 401 });
    expect((await get(USERS, { email: NEW.email })).data).toEqual([]);
  });

  test('every user once, cursor by cursor', async () => {
    const ids: number[] = [];
    let params: object = { limit: 50 };
    for (let pages = 1; ; pages++) {
      const { data, headers, status } = await get(USERS, params);
      expect(status).toBe(200);
      ids.push(...(data as { id: number }[]).map(({ id }) => id));
      const cursor = headers['after-cursor'];
      if (!cursor) {
        expect(pages).toBe(3);
        break;
      }
      params = { cursor };
    }
    const { users } = await control.state<{ users: { id: number }[] }>();
    expect(ids).toEqual(users.map(({ id }) => id));
    expect(await get(USERS, { cursor: 'bm9uZQ==' })).toMatchObject({
      status: 400,
      data: { status: 400, error: 'BadRequestError' },
    });
  });

  test.each([1, 2])('a user whom it deletes by version %i, and then no more', async (version) => {
    const { data } = await create(NEW);
    const url = `/api/${version}/users`;
    expect(await remove(data.id, url)).toEqual({ data: {} });
    expect(await get(`${USERS}/${data.id}`)).toMatchObject({
      status: 404,
      data: { name: 'NotFoundError', statusCode: 404 },
    });
    expect(await remove(data.id, url)).toBeUndefined();
    expect((await create(NEW)).status).toBe(201);
  });
});
