import { sql } from 'kysely';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { callsOfAll } from '../support/calls.ts';
import { Api, type GraphqlAnswer } from '../support/api.ts';
import { DELETE, PROGRESS } from '../support/documents.ts';
import { erase } from '../support/erasures.ts';
import { RawSocket } from '../support/sockets.ts';
import { RawStream } from '../support/streams.ts';
import { mintToken, type TokenClaims } from '../support/tokens.ts';
import { startWorld, type World } from '../support/world.ts';

type Result = Pick<GraphqlAnswer, 'data' | 'errors'>;
type Ask = (token: string, query: string, variables?: object, more?: object) => Promise<Result>;

let world: World;
let erasureId: string;
const logged: string[] = [];
const NOTHING: Result = { data: null, errors: [] };
const PERSISTED = { documents: { viewer: '{ viewer { role } }' }, only: false };

beforeAll(async () => {
  const log = pino({ level: 'error' }, { write: (line: string) => void logged.push(line) });
  world = await startWorld({ rates: { caller: 120, manager: 3_000 }, persisted: PERSISTED, log });
  erasureId = (await erase(world.admin, world.id(5))).id;
});

afterAll(() => world.close());

beforeEach(async () => {
  for (const vendor of Object.values(world.vendors)) await vendor.forget();
});

const request: Ask = async (token, query, variables = {}, more = {}) => {
  if (query.startsWith('subscription'))
    return (await new Api(world.gateway.url, token).watch(query, { ...variables }))[0]!;
  const headers = {
    accept: 'application/graphql-response+json',
    'content-type': 'application/json',
    authorization: `Bearer ${token}`,
  };
  const body = JSON.stringify({ ...(query && { query }), variables, ...more });
  const response = await fetch(world.gateway.url, { method: 'POST', headers, body });
  return { ...NOTHING, ...((await response.json()) as object) };
};

const socket: Ask = async (token, query, variables, more) => {
  const client = await RawSocket.as(world.gateway.url, token);
  const [first] = await client.ask(query, variables, more);
  client.socket.terminate();
  return first!.type === 'error'
    ? { data: null, errors: first!.payload }
    : { ...NOTHING, ...(first!.payload as object) };
};

const stream: Ask = async (token, query, variables, more) => {
  const client = await RawStream.open(world.gateway.url, token);
  const [first] = await client.ask(query, variables, more);
  client.cut();
  return { ...NOTHING, ...first! };
};

const of = (manager: string | null): string =>
  world.id(world.people.find((person) => person.manager === manager && person.number > 10)!.number);

const times = (count: number, part: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => part(i)).join(' ');

const RESALE: TokenClaims = { role: 'RESALE', manager: 'glacier' };
const CUSTOMER = 'query ($id: ID!) { customer(id: $id) { id email accounts { __typename } } }';

type Case = [string, TokenClaims, string, () => object, object, number];

/** Name, caller, document, variables, other parameters, and how many errors it is answered. */
const CASES: Case[] = [
  ['a query', { role: 'ADMIN' }, '{ viewer { role manager { id } } }', () => ({}), {}, 0],
  ['a persisted document', { role: 'ADMIN' }, '', () => ({}), { documentId: 'viewer' }, 0],
  ['an unknown document', { role: 'ADMIN' }, '', () => ({}), { documentId: 'nothing' }, 1],
  ["a reseller's own customer", RESALE, CUSTOMER, () => ({ id: of('glacier') }), {}, 0],
  ["a sibling's customer", RESALE, CUSTOMER, () => ({ id: of('meadow') }), {}, 0],
  [
    'a mutation on a foreign customer',
    RESALE,
    DELETE,
    () => ({ input: { customerId: of('meadow'), reason: 'x' } }),
    {},
    0,
  ],
  [
    'a mutation of a reseller that is not for it',
    RESALE,
    'mutation { pauseErasures(input: { reason: "x" }) { __typename } }',
    () => ({}),
    {},
    1,
  ],
  [
    'a scope that is missing',
    { role: 'ADMIN', scopes: ['customers:read'] },
    DELETE,
    () => ({ input: { customerId: of('meadow'), reason: 'x' } }),
    {},
    1,
  ],
  ['the progress of a foreign erasure', RESALE, PROGRESS, () => ({ id: erasureId }), {}, 1],
  ['progress without the scope', { role: 'ADMIN', scopes: [] }, PROGRESS, () => ({ id: erasureId }), {}, 1],
  ['introspection', { role: 'ADMIN' }, '{ __type(name: "Query") { name } }', () => ({}), {}, 1],
  ['an unknown field', { role: 'ADMIN' }, '{ nothing }', () => ({}), {}, 1],
  ['a syntax error', { role: 'ADMIN' }, '{ viewer {', () => ({}), {}, 1],
  [
    'a document that is too deep',
    { role: 'ADMIN' },
    `{ customers { edges { node { manager { ${times(30, () => 'parent {')} id ${'}'.repeat(30)} } } } } }`,
    () => ({}),
    {},
    1,
  ],
  ['too many aliases', { role: 'ADMIN' }, `{ ${times(31, (i) => `a${i}: __typename`)} }`, () => ({}), {}, 1],
  [
    'a list that is too long',
    { role: 'ADMIN' },
    'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
    () => ({ ids: Array.from({ length: 101 }, () => world.id(1)) }),
    {},
    1,
  ],
  [
    'what costs too much',
    { role: 'ADMIN' },
    `{ ${times(11, (i) => `a${i}: customers(first: 100) { edges { node { accounts { __typename } } } }`)} }`,
    () => ({}),
    {},
    1,
  ],
  [
    'two deletions',
    { role: 'ADMIN' },
    `mutation ($input: DeleteCustomerInput!) { ${times(2, (i) => `a${i}: deleteCustomer(input: $input) { __typename }`)} }`,
    () => ({ input: { customerId: of('meadow'), reason: 'x' } }),
    {},
    1,
  ],
  [
    'an operation that is not there',
    { role: 'ADMIN' },
    '{ viewer { role } }',
    () => ({}),
    { operationName: 'other' },
    1,
  ],
  ['variables of a wrong type', { role: 'ADMIN' }, CUSTOMER, () => ({ id: {} }), {}, 1],
  ['a parameter that is not there', { role: 'ADMIN' }, '{ viewer { role } }', () => ({}), { batch: [] }, 0],
];

describe.each<[string, Ask]>([
  ['a socket', socket],
  ['a stream', stream],
])('by %s', (name, ask) => {
  test.each(CASES)(
    '%s is answered as a request is',
    async (_case, claims, query, variablesOf, more, errors) => {
      const token = await mintToken({ ...claims, subject: `${name} ${_case}` });
      const expected = await request(token, query, variablesOf(), more);
      const calls = await callsOfAll(world.vendors);
      const answer = await ask(token, query, variablesOf(), more);
      expect(answer).toEqual(expected);
      expect(answer.errors).toHaveLength(errors);
      expect(JSON.stringify(answer.errors)).not.toContain('"http"');
      if (errors > 0) expect(await callsOfAll(world.vendors)).toBe(calls);
    },
  );

  test('a caller spends the same points', async () => {
    const token = await mintToken({ role: 'ADMIN', subject: `spends by ${name}` });
    const dear = '{ customers(first: 50) { edges { node { accounts { __typename } } } } }';
    const answers = [await ask(token, dear), await ask(token, dear), await ask(token, dear)];
    expect(answers.map(({ errors }) => errors.length)).toEqual([0, 0, 1]);
    expect(answers[2]!.errors).toMatchObject([
      { extensions: { code: 'RATE_LIMITED', retryAt: expect.any(String) } },
    ]);
  });

  test('an error that nobody expected is masked, under an id of its own for each operation', async () => {
    const { db } = world.gateway.store;
    const token = await mintToken({ role: 'ADMIN' });
    const failing = 'query ($id: ID!) { customer(id: $id) { manager { id } } }';
    await sql`alter table manager rename to canary_table`.execute(db);
    const errors = [
      await ask(token, failing, { id: world.id(1) }),
      await ask(token, failing, { id: world.id(1) }),
    ].flatMap(({ errors }) => errors);
    await sql`alter table canary_table rename to manager`.execute(db);
    expect(errors).toMatchObject([{ message: 'Unexpected error.' }, { message: 'Unexpected error.' }]);
    expect(JSON.stringify(errors)).not.toContain('relation');
    const ids = errors.map(({ extensions }) => String(extensions!['requestId']));
    expect(new Set(ids).size).toBe(2);
    for (const id of ids)
      expect(logged.some((line) => line.includes(id) && line.includes('manager'))).toBe(true);
  });
});
