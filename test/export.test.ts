import { sql } from 'kysely';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { GraphqlAnswer } from './support/api.ts';
import { erase } from './support/erasures.ts';
import { accountAt, EXPORT, postExport } from './support/exports.ts';
import { heldOf, only, type Held } from './support/held.ts';
import { startWorld, type World } from './support/world.ts';

const REASON = 'asked by the person';

let world: World;
const logged: string[] = [];

beforeAll(async () => {
  const write = (line: string): void => void logged.push(line);
  world = await startWorld({ log: pino({ level: 'error' }, { write }) });
});

afterAll(() => world.close());

afterEach(async () => {
  for (const vendor of Object.values(world.vendors)) await vendor.fault();
});

const post = (number: number, init: RequestInit = {}): Promise<Response> =>
  postExport(world.gateway.url, { role: 'ADMIN' }, { customerId: world.id(number), reason: REASON }, init);

const exported = async (number: number): Promise<GraphqlAnswer['data']> => (await post(number)).json();

const byIntegration = (accounts: object[]): object[] =>
  accounts.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));

describe('the export of a customer', () => {
  test('is a file with exactly what the providers hold of that person, and nothing of others', async () => {
    const response = await post(1);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="customer.json"');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const text = await response.text();
    const { accounts, notLinked, failures, complete } = JSON.parse(text);
    expect(byIntegration(accounts)).toEqual(byIntegration(await heldOf(world.vendors, world.person(1))));
    expect({ notLinked, failures, complete }).toEqual({ notLinked: [], failures: [], complete: true });
    const [person, ...others] = world.people;
    expect(text).toContain(person!.particle!.deviceIds[2]);
    const foreign = others.flatMap(({ email, learn, engagelab, particle }) => [
      email,
      ...(learn ? [learn.ref, learn.id] : []),
      ...(engagelab ? [engagelab.registrationId] : []),
      ...(particle?.deviceIds ?? []),
    ]);
    expect(foreign.filter((key) => text.includes(`"${key}"`))).toEqual([]);
  });

  test('has what the directory holds, in the words of the API', async () => {
    await erase(world.admin, world.id(3), { integrationIds: ['vpn'] });
    const document = await exported(3);
    const { customer, erasures } = await world.admin.data(
      `query ($id: ID!) {
        customer(id: $id) { id name email emailConfirmed testCustomer createdAt erasedAt manager { id }
          links { integration { id } kind key createdAt } }
        erasures(customerId: $id) { edges { node { id state } } }
      }`,
      { id: world.id(3) },
    );
    const { manager, links, ...rest } = customer;
    expect(document.customer).toEqual({ ...rest, managerId: manager.id });
    const shown = document.links.map(
      ({ integrationId, externalId: _id, ...link }: { integrationId: string; externalId: string }) => {
        return { ...link, integration: { id: integrationId } };
      },
    );
    expect(shown).toEqual(links);
    expect(document.erasures).toEqual(erasures.edges.map(({ node }: { node: object }) => node));
    expect(document.erasures).toHaveLength(1);
    expect(accountAt(document, 'vpn')).toBeUndefined();
  });

  test('is the same by GraphQL', async () => {
    const { exportCustomer } = await world.admin.data(EXPORT, {
      input: { customerId: world.id(1), reason: REASON },
    });
    const comparable = ({ exportedAt: _at, accounts, ...rest }: GraphqlAnswer['data']): object => {
      return { ...rest, accounts: byIntegration(accounts) };
    };
    expect(comparable(exportCustomer.document)).toEqual(comparable(await exported(1)));
  });

  test('names integrations that no key is known for', async () => {
    const document = await exported(59);
    expect(document).toMatchObject({ notLinked: expect.arrayContaining(['learn']), complete: true });
  });

  test('never says more than is sure: who of two has an address is not guessed', async () => {
    const person = world.person(70);
    const state = await world.vendors.onelogin.state<Held['onelogin']>();
    const user = only(state.users, ({ id }) => id === person.onelogin!.id);
    const users = [...state.users, { ...user, id: 900_070, username: 'the other' }];
    await world.vendors.onelogin.hold({ ...state, users });
    const doubtful = await exported(70);
    expect(doubtful).toMatchObject({
      complete: false,
      failures: [{ integrationId: 'onelogin', provider: 'ONELOGIN', code: 'UNLINKED_ACCOUNT' }],
    });
    expect(accountAt(doubtful, 'onelogin').externalId).toBe('100070');
    await world.gateway.store.pool.query(
      `delete from link where integration_id = 'onelogin' and external_id = '100070'`,
    );
    const ambiguous = await exported(70);
    expect(ambiguous.failures).toMatchObject([{ integrationId: 'onelogin', code: 'AMBIGUOUS' }]);
    expect(accountAt(ambiguous, 'onelogin')).toBeUndefined();
  });
});

describe('what could not be read', () => {
  test('makes the export incomplete, and is named; the others are there', async () => {
    await world.vendors.learn.fault({ kind: 'STATUS', status: 503 });
    await world.vendors.particle.fault({
      kind: 'STATUS',
      status: 403,
      path: '/v1/products/sandbox-product/devices',
    });
    const document = await exported(1);
    expect(document.complete).toBe(false);
    const failures = document.failures.map(({ message, ...failure }: { message: string }) => {
      expect(message).toBeTruthy();
      return failure;
    });
    expect(byIntegration(failures)).toEqual(
      byIntegration([
        { integrationId: 'learn', provider: 'LEARN', code: 'UNAVAILABLE' },
        { integrationId: 'particle', provider: 'PARTICLE', code: 'FORBIDDEN', detail: 'devices' },
      ]),
    );
    expect(document.accounts).toHaveLength(4);
    expect(accountAt(document, 'particle').details).toEqual({});
  });

  test('holds nobody up: accounts are sent as they come, and calls end when the client goes away', async () => {
    await world.vendors.learn.fault({ kind: 'HANG', method: 'GET' });
    const client = new AbortController();
    const response = await post(1, { signal: client.signal });
    let text = '';
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    for (const provider of ['PARTICLE', 'ENGAGELAB', 'VPN', 'ONELOGIN'])
      while (!text.includes(`"provider":"${provider}"`)) text += (await reader.read()).value;
    const running = async (): Promise<number> => {
      const { integrations } = await world.admin.data('{ integrations { id traffic { running } } }');
      return integrations.find(({ id }: { id: string }) => id === 'learn').traffic.running;
    };
    expect(await running()).toBe(1);
    client.abort();
    await vi.waitFor(async () => expect(await running()).toBe(0), { timeout: 5_000 });
  });

  test('for a reason that nobody foresaw cuts the file off, so that it is never taken for whole', async () => {
    const { db } = world.gateway.store;
    await world.vendors.learn.fault({ kind: 'LATENCY', ms: 500, method: 'GET' });
    const response = await post(1);
    const reader = response.body!.getReader();
    await reader.read();
    await sql`alter table link rename to canary_table`.execute(db);
    const rest = (async () => {
      while (!(await reader.read()).done);
    })();
    await expect(rest).rejects.toThrow();
    await sql`alter table canary_table rename to link`.execute(db);
    expect(logged.join('')).toContain(response.headers.get('x-request-id'));
  });
});
