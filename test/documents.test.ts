import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GraphqlAnswer } from './support/api.ts';
import { callsOfAll } from './support/calls.ts';
import { DELETE } from './support/documents.ts';
import { mintToken } from './support/tokens.ts';
import { startWorld, type World } from './support/world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world.close());

beforeEach(async () => {
  for (const vendor of Object.values(world.vendors)) await vendor.forget();
});

const times = (count: number, part: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => part(i)).join(' ');

describe('a document may have so much and no more', () => {
  const pairs = (of: number): number => Math.ceil((1 + Math.sqrt(1 + 8 * of)) / 2);

  test.each<[string, number, (count: number) => string]>([
    ['1000 tokens', 1_000, (n) => `{ viewer { ${times(n - 5, () => 'role')} } }`],
    ['longer than 50000 characters', 50_000, (n) => `{ viewer { role } }`.padEnd(n)],
    ['60 definitions', 60, (n) => times(n, (i) => `query q${i} { viewer { role } }`)],
    [
      'deeper than 14',
      14,
      (n) =>
        `{ customers { edges { node { manager { ${times(n - 5, () => 'parent {')} id ${'}'.repeat(n - 5)} } } } } }`,
    ],
    ['30 aliases', 30, (n) => `{ viewer { ${times(n, (i) => `a${i}: role`)} } }`],
    ['30 aliases', 30, (n) => `{ ${times(n, (i) => `a${i}: __typename`)} }`],
    [
      '30 aliases',
      30,
      (n) => `{ viewer { ...F } } fragment F on Viewer { ${times(n, (i) => `a${i}: role`)} }`,
    ],
    ['30 directives', 30, (n) => `{ viewer { role ${times(n, () => '@include(if: true)')} } }`],
    [
      '2000 selections',
      2_000,
      (n) =>
        `{ ${times(29, (i) => `a${i}: customers { ...F }`)} ${times(n - 29 * 68, () => '__typename')} } fragment F on QueryCustomersConnection { ${'... {'.repeat(64)} pageInfo { hasNextPage } ${'}'.repeat(64)} }`,
    ],
    ['3000 repetitions', pairs(3_000) - 1, (n) => `{ viewer { ${times(n, () => 'role')} } }`],
  ])('%s', async (limit, most, document) => {
    const within = await world.admin.send(document(most), {});
    expect(within.errors.map(({ message }) => message).join()).not.toContain(limit);
    const beyond = await world.admin.send(document(most + 1));
    expect(beyond).toMatchObject({ status: 400, data: null });
    expect(beyond.errors[0]!.message).toContain(limit);
    expect(beyond.errors[0]!.extensions).toEqual({ code: 'DOCUMENT_TOO_LARGE' });
  });

  test('fragments that spread themselves are refused, and do not go on for ever', async () => {
    const answer = await world.admin.send('{ viewer { ...F } } fragment F on Viewer { role ...F }');
    expect(answer.status).toBe(400);
    const endless = await world.admin.send(
      '{ customers { ...C } } fragment C on QueryCustomersConnection { edges { node { manager { ...M } } } } fragment M on Manager { parent { ...M } }',
    );
    expect(endless.errors[0]!.extensions).toEqual({ code: 'DOCUMENT_TOO_LARGE' });
  });
});

describe('a list may have 100 items', () => {
  const ids = (count: number): string[] => Array.from({ length: count }, () => world.id(1));
  const NODES = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
  const PREVIEW = `query ($input: DeletionPreviewInput!) {
    deletionPreview(input: $input) { ... on DeletionPreview { customers integrations { customers } } }
  }`;

  const refused = (answer: GraphqlAnswer): void => {
    expect(answer).toMatchObject({ status: 400, data: null });
    expect(answer.errors[0]!.extensions).toEqual({ code: 'BAD_USER_INPUT' });
  };

  test('in variables', async () => {
    expect((await world.admin.data(NODES, { ids: ids(100) })).nodes).toHaveLength(100);
    refused(await world.admin.send(NODES, { ids: ids(101) }));
  });

  test('in literals', async () => {
    const literal = (count: number): string => `{ nodes(ids: ${JSON.stringify(ids(count))}) { id } }`;
    expect((await world.admin.data(literal(100))).nodes).toHaveLength(100);
    refused(await world.admin.send(literal(101)));
  });

  test('in defaults of variables', async () => {
    const list = JSON.stringify(ids(101));
    refused(await world.admin.send(`query ($ids: [ID!]! = ${list}) { nodes(ids: $ids) { id } }`));
  });

  test('inside of an input', async () => {
    refused(await world.admin.send(PREVIEW, { input: { customerIds: ids(101) } }));
    refused(await world.admin.send(PREVIEW, { input: { integrationIds: Array(50_000).fill('x') } }));
    expect(await callsOfAll(world.vendors)).toBe(0);
  });

  test('and variables are nested 20 deep at the most', async () => {
    const nested = JSON.parse('['.repeat(1_000) + ']'.repeat(1_000)) as unknown;
    const answer = await world.admin.send(NODES, { ids: nested });
    refused(answer);
    expect(answer.errors[0]!.message).toBe('Variables may be nested at most 20 deep.');
  });
});

describe('what an operation may cost', () => {
  test('of which a part is refused, so that each value is asked for: is a quarter of the values', async () => {
    const reader = await world.as({ role: 'MASTER', scopes: ['customers:read'] });
    const page = (fields: string) => `{ customers(first: 100) { edges { node { ${fields} } } } }`;
    const names = times(24, (i) => `a${i}: name`);
    expect((await reader.send(page(names))).status).toBe(200);
    const refused = await reader.send(page(`${names} holds { id }`));
    expect(refused).toMatchObject({ status: 400, data: null });
    expect(refused.errors[0]!.message).toContain('values, and 2500 are the most');
  });

  test('a page of 100 customers with all of their accounts is within', async () => {
    const answer = await world.admin.send(
      '{ customers(first: 100) { edges { node { name accounts { ... on Account { externalId integration { id } } ... on AccountFailure { code } } } } } }',
    );
    expect(answer).toMatchObject({ status: 200, errors: [] });
  });

  test.each<[string, string, string]>([
    [
      'asks for 1100 customers at the providers',
      `{ ${times(11, (i) => `a${i}: customers(first: 100) { edges { node { accounts { __typename } } } }`)} }`,
      'it costs 1210 points, and 1000 are the most',
    ],
    [
      'says so by variables',
      `query ($n: Int) { ${times(11, (i) => `a${i}: customers(first: $n) { edges { node { accounts { __typename } } } }`)} }`,
      'it costs 1210 points',
    ],
    [
      'plans the erasures of 1100 customers',
      `{ ${times(11, (i) => `a${i}: customers(last: 100) { edges { node { viewerCan { delete { integrations { allowed } } } } } }`)} }`,
      'it costs 1210 points',
    ],
    [
      'nests page in page',
      '{ bulks(first: 100) { edges { node { items(first: 100) { edges { node { customerId } } } } } } }',
      'it costs 1010 points',
    ],
    [
      'answers too many values',
      `{ ${times(5, (i) => `p${i}: customers(first: 100) { ...Page }`)} }
      fragment Page on QueryCustomersConnection { edges { node { id email ${times(20, (i) => `a${i}: name`)} } } }`,
      'values, and 10000 are the most',
    ],
  ])('an operation that %s is refused before anything is asked', async (_name, document, message) => {
    const answer = await world.admin.send(document, { n: 100 });
    expect(answer).toMatchObject({ status: 400, data: null });
    expect(answer.errors[0]!.message).toContain(message);
    expect(answer.errors[0]!.extensions).toEqual({ code: 'DOCUMENT_TOO_LARGE' });
    expect(await callsOfAll(world.vendors)).toBe(0);
  });

  test('what directives leave out costs nothing', async () => {
    const document = `query ($n: Int, $no: Boolean!) { viewer { role } ${times(11, (i) => `a${i}: customers(first: $n) @include(if: $no) { edges { node { accounts { __typename } } } }`)} }`;
    expect(await world.admin.data(document, { n: 100, no: false })).toEqual({ viewer: { role: 'ADMIN' } });
  });
});

describe('what is wrong with a document', () => {
  const WRONG = [
    '{ viewer { subjekt } }',
    '{ viewer {',
    'query ($id: Nothing) { viewer { subject } }',
    `{ viewer { ${times(2_000, () => 'role')} } }`,
    '{ __schema { types { name } } }',
    DELETE,
    '{ viewer { subject } }',
  ];

  test('is not told to those who have no valid token', async () => {
    const ended = await world.as({ role: 'ADMIN', expiresIn: -60 });
    for (const api of [world.anonymous, ended]) {
      const answers = await Promise.all(WRONG.map((document) => api.send(document, { input: { a: 1 } })));
      const told = new Set(
        answers.map(({ status, data, errors }) => JSON.stringify({ status, data, errors })),
      );
      expect([...told]).toHaveLength(1);
      expect(answers[0]).toMatchObject({
        status: 401,
        errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
      });
      expect(answers[0]!.headers.get('www-authenticate')).toBe('Bearer');
      expect(answers[0]!.headers.get('ratelimit')).toBeNull();
    }
  });

  test.each([
    ['a field', '{ viewer { subjec } }', 'Cannot query field "subjec" on type "Viewer".'],
    ['a type', '{ node(id: 1) { ... on Custome { id } } }', 'Unknown type "Custome".'],
    ['an argument', '{ customer(idd: 1) { id } }', 'Unknown argument "idd" on field "Query.customer".'],
    [
      'a value',
      '{ erasures(states: [RUNING]) { edges { cursor } } }',
      'Value "RUNING" does not exist in "ErasureState" enum.',
    ],
    ['a directive', '{ viewer @skp(if: true) { role } }', 'Unknown directive "@skp".'],
    [
      'a value in a variable',
      'query ($s: [ErasureState!]) { erasures(states: $s) { edges { cursor } } }',
      'Variable "$s" got invalid value "RUNING" at "s[0]"; Value "RUNING" does not exist in "ErasureState" enum.',
    ],
  ])('is told to others without a hint at %s that there is', async (_name, document, message) => {
    const { status, errors } = await world.admin.send(document, { s: ['RUNING'] });
    expect(status).toBe(400);
    expect(errors[0]!.message).toBe(message);
  });
});

test('an operation has to be named where there are several', async () => {
  const answer = await world.admin.send('query A { viewer { role } } query B { viewer { role } }');
  expect(answer).toMatchObject({ status: 400, errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
});

test.each([
  ['no variables', {}],
  ['null for variables', { variables: null, operationName: null, extensions: null }],
])('%s are as good as empty ones', async (_name, rest) => {
  const response = await fetch(world.gateway.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await mintToken({ role: 'ADMIN' })}`,
    },
    body: JSON.stringify({
      query: 'query ($n: Int = 1) { customers(first: $n) { edges { cursor } } }',
      ...rest,
    }),
  });
  expect(await response.json()).toEqual({
    data: { customers: { edges: [{ cursor: expect.any(String) as string }] } },
  });
});
