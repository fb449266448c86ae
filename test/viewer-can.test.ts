import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../src/providers/secret.ts';
import { people, type Person } from '../src/sandbox/people.ts';
import { startVendor, type Vendor } from '../src/sandbox/vendor.ts';
import { vpn, VPN_TOKEN } from '../src/sandbox/vpn.ts';
import type { Api, GraphqlAnswer } from './support/api.ts';
import { DELETE } from './support/documents.ts';
import { ended, erase, requestErasure } from './support/erasures.ts';
import { queriesOf } from './support/sql.ts';
import { startWorld, type World } from './support/world.ts';

/** One customer an hour for RESALE; at an integration no more than what may always be deleted. */
const CAPS = { perHour: { ADMIN: 1_000, MASTER: 1_000, RESALE: 1 }, sharePerDay: 0 };
const LEAST_PER_DAY = 10;
/** A VPN integration that has no way to look. */
const BLIND = 'vpn-blind';

let blind: Vendor;
let world: World;
let numbers: number[];

beforeAll(async () => {
  blind = await startVendor(vpn(people()));
  const settings = { baseUrl: blind.url, token: new Secret(VPN_TOKEN) };
  world = await startWorld(
    { caps: CAPS },
    { onelogin: { credentialOwner: 100_040 } },
    { protectedIds: { learn: ['EMP-00041'] }, more: [{ id: BLIND, provider: 'VPN', settings }] },
  );
  numbers = world.people
    .filter(({ number, learn, onelogin, engagelab }) => number > 60 && learn && onelogin && engagelab)
    .map(({ number }) => number);
});

afterAll(async () => {
  await world.close();
  await blind.close();
});

const next = (): number => numbers.shift()!;

const sql = (text: string, values: unknown[]): Promise<unknown> =>
  world.gateway.store.pool.query(text, values);

/** What somebody is told before, and what comes of it: whether it was begun, or the codes why it was not. */
interface Told {
  allowed: boolean;
  codes: string[];
}

interface Permission {
  allowed: boolean;
  reasons: { code: string }[];
}

const told = ({ allowed, reasons }: Permission): Told => ({
  allowed,
  codes: reasons.map(({ code }) => code),
});

const CAN = 'query ($id: ID!) { customer(id: $id) { viewerCan { delete { allowed reasons { code } } } } }';
const CAN_AT = `query ($id: ID!) { customer(id: $id) { viewerCan { delete {
  integrations { integration { id } allowed reasons { code message } } } } } }`;

const can = async (api: Api, number: number): Promise<Told> =>
  told((await api.data(CAN, { id: world.id(number) })).customer.viewerCan.delete);

async function canAt(number: number, integrationId: string): Promise<Told> {
  const { customer } = await world.admin.data(CAN_AT, { id: world.id(number) });
  const { integrations } = customer.viewerCan.delete;
  return told(
    integrations.find((one: { integration: { id: string } }) => one.integration.id === integrationId),
  );
}

const ERRORS: Record<string, string> = {
  ErasureAlreadyOpenError: 'ERASURE_OPEN',
  ErasureCapError: 'CAP_REACHED',
};

/** What `deleteCustomer` makes of it. */
async function tried(api: Api, number: number, integrationIds: string[]): Promise<Told> {
  const input = { customerId: world.id(number), reason: 'a test', integrationIds };
  const { data, errors } = await api.send(DELETE, { input });
  if (errors[0]?.extensions?.['code'] === 'FORBIDDEN') return { allowed: false, codes: ['MISSING_SCOPE'] };
  const { __typename: type, erasure, blockers } = data.deleteCustomer;
  if (type === 'DeleteCustomerPayload') {
    const { tasks } = await begun(erasure.id);
    return tasks.length > 0 ? { allowed: true, codes: [] } : { allowed: false, codes: ['NOT_LINKED'] };
  }
  const codes = blockers?.map(({ code }: { code: string }) => code) ?? [ERRORS[type]];
  return { allowed: false, codes: [...new Set<string>(codes)] };
}

const begun = async (id: string): Promise<GraphqlAnswer['data']> =>
  (await world.admin.data('query ($id: ID!) { erasure(id: $id) { tasks { integrationId } } }', { id }))
    .erasure;

const turn = (mutation: 'pauseErasures' | 'resumeErasures'): Promise<unknown> =>
  world.admin.data(`mutation { ${mutation}(input: { reason: "a test" }) { __typename } }`);

test('a hundred customers cost as many queries as one, and no call of a provider', async () => {
  const list = (first: number): Promise<GraphqlAnswer['data']> =>
    world.admin.data(
      `{ customers(first: ${first}) { edges { node { viewerCan { delete { allowed reasons { code } } } } } } }`,
    );
  const calls = async (): Promise<number> =>
    (await Promise.all(Object.values(world.vendors).map((vendor) => vendor.calls()))).flat().length;
  const before = await calls();
  const ofOne = await queriesOf(world.gateway.store, () => list(1));
  const ofHundred = await queriesOf(world.gateway.store, async () => {
    const { customers } = await list(100);
    expect(customers.edges).toHaveLength(100);
  });
  expect(ofHundred).toHaveLength(ofOne.length);
  expect(ofHundred.map((text) => /from "(\w+)"/.exec(text)![1]!).toSorted()).toEqual([
    'customer',
    'erasure',
    'erasure',
    'hold',
  ]);
  expect(await calls()).toBe(before);
});

describe('for the customer as a whole, viewerCan says what deleteCustomer then does', () => {
  const both = async (number: number, expected: Told, api = world.admin): Promise<void> => {
    expect(await can(api, number)).toEqual(expected);
    expect(await tried(api, number, ['learn'])).toEqual(expected);
  };

  test('allowed', () => both(next(), { allowed: true, codes: [] }));

  test('MISSING_SCOPE', async () => {
    const reader = await world.as({ role: 'ADMIN', scopes: ['customers:read'] });
    await both(next(), { allowed: false, codes: ['MISSING_SCOPE'] }, reader);
  });

  test('HOLD', async () => {
    const number = next();
    await world.admin.data(
      'mutation ($id: ID!) { placeHold(input: { customerId: $id, ground: "a lawsuit" }) { __typename } }',
      { id: world.id(number) },
    );
    await both(number, { allowed: false, codes: ['HOLD'] });
  });

  test('ERASURE_OPEN, and a pause forbids nothing', async () => {
    const [first, second] = [next(), next()];
    await turn('pauseErasures');
    const id = await requestErasure(world.admin, world.id(first), { integrationIds: ['learn'] });
    await both(first, { allowed: false, codes: ['ERASURE_OPEN'] });
    await both(second, { allowed: true, codes: [] });
    await turn('resumeErasures');
    await ended(world.admin, id);
    expect(await can(world.admin, first)).toEqual({ allowed: true, codes: [] });
  });

  test('ALREADY_ERASED', async () => {
    const number = next();
    expect((await erase(world.admin, world.id(number))).state).toBe('COMPLETED');
    await both(number, { allowed: false, codes: ['ALREADY_ERASED'] });
  });

  test('CAP_REACHED, of the role alone', async () => {
    const own = world.people.filter(({ manager, number }) => manager === 'glacier' && number > 300);
    const [first, second] = own.filter(({ learn }) => learn).map(({ number }) => number) as [number, number];
    const reseller = await world.as({ role: 'RESALE', manager: 'glacier' });
    await both(first, { allowed: true, codes: [] }, reseller);
    await both(second, { allowed: false, codes: ['CAP_REACHED'] }, reseller);
    expect(await can(world.admin, second)).toEqual({ allowed: true, codes: [] });
  });
});

interface Users {
  users: { id: number; email: string }[];
}

/** Gives somebody a second OneLogin user with the same address. */
async function twin({ email, onelogin }: Person): Promise<void> {
  const state = await world.vendors.onelogin.state<Users>();
  const user = state.users.find(({ id }) => id === onelogin!.id)!;
  await world.vendors.onelogin.hold({
    ...state,
    users: [...state.users, { ...user, id: 900_000 + user.id }],
  });
  expect(user.email).toBe(email);
}

const unlink = ({ onelogin }: Person): Promise<unknown> =>
  sql(`delete from link where integration_id = 'onelogin' and external_id = $1`, [String(onelogin!.id)]);

describe('at an integration, viewerCan says what deleteCustomer there then does', () => {
  const both = async (number: number, at: string, expected: Told, sure = true): Promise<void> => {
    expect(await canAt(number, at)).toEqual(expected);
    expect(await tried(world.admin, number, [at])).toEqual(sure ? expected : { ...expected, codes: [] });
  };

  test.each([
    ['ACTIVE_SUBSCRIPTION', 2, 'vpn'],
    ['CREDENTIAL_OWNER', 40, 'onelogin'],
    ['PROTECTED', 41, 'learn'],
    ['NOT_LINKED', 59, 'learn'],
  ])('%s', (code, number, at) => both(number, at, { allowed: false, codes: [code] }));

  test('AMBIGUOUS', async () => {
    const person = world.person(next());
    await twin(person);
    await unlink(person);
    await both(person.number, 'onelogin', { allowed: false, codes: ['AMBIGUOUS'] });
  });

  test('UNLINKED_ACCOUNT', async () => {
    const person = world.person(next());
    await twin(person);
    await both(person.number, 'onelogin', { allowed: false, codes: ['UNLINKED_ACCOUNT'] });
  });

  test('LINKED_TO_ANOTHER_CUSTOMER', async () => {
    const [person, heir] = [world.person(next()), world.person(next())];
    await sql(
      `update link set customer_id = (select id from customer where email_key = $2)
        where integration_id = 'onelogin' and external_id = $1`,
      [String(person.onelogin!.id), heir.email],
    );
    await both(person.number, 'onelogin', { allowed: false, codes: ['LINKED_TO_ANOTHER_CUSTOMER'] });
  });

  test('NOT_REACHED: it would be tried', async () => {
    await world.vendors.learn.fault({ kind: 'STATUS', status: 503 });
    await both(next(), 'learn', { allowed: true, codes: ['NOT_REACHED'] }, false);
    await world.vendors.learn.fault();
  });

  test('NOT_CONFIRMED: it would be tried', async () => {
    const number = next();
    const input = {
      customerId: world.id(number),
      integrationId: BLIND,
      kind: 'USER_ID',
      key: `user${number}`,
    };
    await world.admin.data(
      'mutation ($input: AccountLinkInput!) { linkAccount(input: $input) { __typename } }',
      {
        input,
      },
    );
    await both(number, BLIND, { allowed: true, codes: ['NOT_CONFIRMED'] }, false);
  });

  test('nothing is there: an erasure would look once more', async () => {
    const person = world.person(next());
    const state = await world.vendors.onelogin.state<Users>();
    const users = state.users.filter(({ id }) => id !== person.onelogin!.id);
    await world.vendors.onelogin.hold({ ...state, users });
    await both(person.number, 'onelogin', { allowed: true, codes: [] });
  });

  test('CAP_REACHED, once the integration has lost its share', async () => {
    let last: Told;
    let tries = 0;
    do {
      const number = next();
      last = await canAt(number, 'engagelab');
      expect(await tried(world.admin, number, ['engagelab'])).toEqual(last);
    } while (last.allowed && ++tries <= LEAST_PER_DAY);
    expect(last).toEqual({ allowed: false, codes: ['CAP_REACHED'] });
    expect(await canAt(next(), 'onelogin')).toEqual({ allowed: true, codes: [] });
  });
});

test('what only asks providers is for who may read customers', async () => {
  const writer = await world.as({ role: 'ADMIN', scopes: ['customers:write'] });
  const { errors } = await writer.send(
    `mutation ($input: RegisterCustomerInput!) { registerCustomer(input: $input) {
      ... on CustomerPayload { customer { viewerCan { delete { reasons { code } integrations { allowed } } } } } } }`,
    { input: { email: 'writer@example.com' } },
  );
  expect(errors[0]).toMatchObject({ extensions: { code: 'FORBIDDEN' } });
});
