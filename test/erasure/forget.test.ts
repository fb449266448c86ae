import { Writable } from 'node:stream';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { people, type Person } from '../../src/sandbox/people.ts';
import { ended, requestErasure, taskAt } from '../support/erasures.ts';
import { secretsIn } from '../support/spellings.ts';
import { startWorld, type World } from '../support/world.ts';

const NAME = 'Zoraida Quillfeather';
const EMAIL = 'zoraida.quillfeather@example.com';
const REF = 'QF/EMEA 4711';
const USER_ID = 'user-quillfeather';
const ALIAS = 'alias-quillfeather';
const ONELOGIN_ID = 987_654_321;
const TWIN_ID = 987_654_322;

const NUMBER = 22;

const population = people(30).map((person): Person =>
  person.number === NUMBER
    ? {
        ...person,
        name: NAME,
        email: EMAIL,
        engagelab: { ...person.engagelab!, alias: ALIAS },
        learn: { ...person.learn!, ref: REF },
        vpn: { userId: USER_ID, activeSubscription: false },
        onelogin: { ...person.onelogin!, id: ONELOGIN_ID },
      }
    : person,
);

const person = population[NUMBER - 1]!;
const SECRETS = [
  EMAIL,
  NAME,
  'Quillfeather',
  REF,
  USER_ID,
  ALIAS,
  String(ONELOGIN_ID),
  String(TWIN_ID),
  person.engagelab!.registrationId,
  person.learn!.id,
  person.particle!.id,
];

const KEY = `delete-${EMAIL}`;
const REASON = 'the person has asked for it';

let world: World;
const logged: string[] = [];

beforeAll(async () => {
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged.push(chunk.toString());
      done();
    },
  });
  world = await startWorld({ log: pino({ level: 'trace' }, stream) }, {}, { population });
});

afterAll(() => world.close());

/** The secrets in a text, in whatever spelling and case. */
const found = (text: string): string[] => {
  const lower = SECRETS.map((secret) => secret.toLowerCase());
  const upper = SECRETS.map((secret) => secret.toUpperCase());
  return [...secretsIn(text, [...SECRETS, ...lower, ...upper]), ...secretsIn(text.toLowerCase(), lower)];
};

/** The tables of all schemas that name the person, and by what. */
async function tablesWithSecrets(): Promise<Record<string, string[]>> {
  const { pool } = world.gateway.store;
  const tables = await pool.query<{ name: string }>(
    `select table_schema || '.' || table_name as name from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
  );
  expect(tables.rows.length).toBeGreaterThan(25);
  const places: Record<string, string[]> = {};
  for (const { name } of tables.rows) {
    const { rows } = await pool.query<{ row: string }>(`select t::text as row from ${name} t`);
    const secrets = found(rows.map(({ row }) => row).join('\n'));
    if (secrets.length > 0) places[name] = secrets;
  }
  return places;
}

interface Users {
  users: { id: number; email: string; username: string }[];
}

/** Imports a list with a second account of the person, which nobody can tell apart, and takes that account away. */
async function importAmbiguous(): Promise<void> {
  const state = await world.vendors.onelogin.state<Users>();
  const own = state.users.find(({ id }) => id === ONELOGIN_ID)!;
  await world.vendors.onelogin.hold({ ...state, users: [...state.users, { ...own, id: TWIN_ID }] });
  const { importCustomers } = await world.admin.data(
    `mutation { importCustomers(input: { integrationId: "onelogin" }) { ... on ImportCustomersPayload { import { id } } } }`,
  );
  await world.admin.watch('subscription ($id: ID!) { importProgress(importId: $id) { state } }', {
    id: importCustomers.import.id,
  });
  await world.vendors.onelogin.hold({ ...(await world.vendors.onelogin.state<Users>()), users: state.users });
}

async function placeAndRelease(customerId: string): Promise<void> {
  const { placeHold } = await world.admin.data(
    'mutation ($input: PlaceHoldInput!) { placeHold(input: $input) { ... on HoldPayload { hold { id } } } }',
    { input: { customerId, ground: 'a lawsuit' } },
  );
  await world.admin.data(
    'mutation ($id: ID!) { releaseHold(input: { holdId: $id, reason: "settled" }) { __typename } }',
    { id: placeHold.hold.id },
  );
}

const words = { message: `no, not ${NAME} <${EMAIL}>, who is ${USER_ID}` };

/** An erasure that the VPN provider refuses, naming the person. */
async function failOnce(customerId: string): Promise<void> {
  await world.vendors.vpn.fault({ kind: 'STATUS', status: 409, method: 'DELETE', body: words, times: 1 });
  const failed = await ended(world.admin, await requestErasure(world.admin, customerId, { reason: REASON }));
  expect(failed.state).toBe('FAILED');
  expect(taskAt(failed, 'vpn').providerReason).toContain(EMAIL);
}

describe('after an erasure of everything', () => {
  const id = (): string => world.id(NUMBER);
  let erasureId: string;

  beforeAll(async () => {
    await importAmbiguous();
    await placeAndRelease(id());
    await failOnce(id());
    await world.vendors.learn.fault({
      kind: 'STATUS',
      status: 503,
      method: 'GET',
      path: '/rest/v1/user/',
      body: words,
      times: 1,
    });
    erasureId = await requestErasure(world.admin, id(), { reason: REASON, idempotencyKey: KEY });
    const before = await tablesWithSecrets();
    expect(Object.keys(before)).toEqual(
      expect.arrayContaining(['customer', 'link', 'task', 'import_row'].map((table) => `public.${table}`)),
    );
    const everything = new Set(Object.values(before).flat());
    const inNoTable = new Set([person.particle!.id, person.learn!.id, ALIAS]);
    expect(SECRETS.filter((secret) => !everything.has(secret) && !inNoTable.has(secret))).toEqual([]);
    expect((await ended(world.admin, erasureId)).state).toBe('COMPLETED');
  });

  test('no table of any schema names the person', async () => {
    expect(await tablesWithSecrets()).toEqual({});
  });

  test('no line of the log has named them', () => {
    const log = logged.join('');
    expect(log).toContain('attempt failed');
    expect(found(log)).toEqual([]);
  });

  test('a tombstone and fingerprints are left, and what was done is still told', async () => {
    const { pool } = world.gateway.store;
    const uuid = Buffer.from(id(), 'base64url').toString().split(':')[1];
    const customers = await pool.query('select * from customer where id = $1', [uuid]);
    expect(customers.rows).toMatchObject([
      { email: null, email_key: null, name: null, erased_at: expect.any(Date) },
    ]);
    const prints = await pool.query<{ kind: string; integration_id: string | null }>(
      'select kind, integration_id from fingerprint where customer_id = $1 order by 2',
      [uuid],
    );
    expect(prints.rows).toEqual([
      ...['engagelab', 'learn', 'onelogin', 'particle', 'vpn'].map((integration_id) => ({
        kind: 'ACCOUNT',
        integration_id,
      })),
      { kind: 'EMAIL', integration_id: null },
    ]);
    const { erasure } = await world.admin.data(
      'query ($id: ID!) { erasure(id: $id) { reason tasks { integrationId outcome verdict providerReason } } }',
      { id: erasureId },
    );
    expect(erasure.reason).toBe(REASON);
    expect(erasure.tasks).toHaveLength(5);
    for (const task of erasure.tasks) {
      expect(task.verdict).toMatch(/^VERIFIED_/);
      expect(task.providerReason).toBeNull();
    }
  });

  test('the same request is still the same erasure', async () => {
    const input = { reason: REASON, idempotencyKey: KEY };
    expect(await requestErasure(world.admin, id(), input)).toBe(erasureId);
  });

  test('others are remembered', async () => {
    const { customers } = await world.admin.data('{ customers(first: 100) { edges { node { email } } } }');
    const emails = customers.edges.map(({ node }: { node: { email: string } }) => node.email);
    const others = population.filter(({ number }) => number !== NUMBER).map(({ email }) => email);
    expect(emails).toEqual(expect.arrayContaining(others));
    expect(emails).not.toContain(EMAIL);
  });
});
