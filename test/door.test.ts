import { sql } from 'kysely';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DELETE } from './support/documents.ts';
import { raw } from './support/raw.ts';
import { mintToken } from './support/tokens.ts';
import { startWorld, type World } from './support/world.ts';

let world: World;
let token: string;
const logged: string[] = [];

beforeAll(async () => {
  world = await startWorld({
    log: pino({ level: 'error' }, { write: (line: string) => void logged.push(line) }),
  });
  token = await mintToken({ role: 'ADMIN' });
});

afterAll(() => world.close());

function post(body: BodyInit | undefined, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(world.gateway.url, {
    method: 'POST',
    headers: {
      accept: 'application/graphql-response+json',
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      ...headers,
    },
    ...(body !== undefined && { body }),
  });
}

const STACK = /\bat .*\.(js|ts):\d+/;

describe('bad requests get a clear 4xx and no stack trace', () => {
  test.each<[string, BodyInit | undefined, Record<string, string>, number]>([
    ['no body', undefined, {}, 400],
    ['an empty body', '', {}, 400],
    ['no JSON', '{"query":', {}, 400],
    ['JSON that is no object', '[1]', {}, 400],
    ['no query', '{}', {}, 400],
    ['a query that is a number', '{"query":1}', {}, 400],
    ['a syntax error', '{"query":"{ viewer {"}', {}, 400],
    ['an unknown field', '{"query":"{ nothing }"}', {}, 400],
    ['a malformed e-mail', '{"query":"{ customerByEmail(email: \\"not an address\\") { id } }"}', {}, 400],
    ['a missing argument', '{"query":"{ customer { id } }"}', {}, 400],
    ['a body of 10 MB', `{"query":"{ viewer { subject } }${' '.repeat(10_000_000)}"}`, {}, 413],
    ['a form', 'query={viewer{subject}}', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['plain text', '{"query":"{ viewer { subject } }"}', { 'content-type': 'text/plain' }, 415],
    ['a wrong token', '{"query":"{ viewer { subject } }"}', { authorization: 'Bearer a.b.c' }, 401],
    ['no bearer token', '{"query":"{ viewer { subject } }"}', { authorization: 'Basic YTpi' }, 401],
    ['a batch', '[{"query":"{ viewer { subject } }"}]', {}, 400],
    ['a compressed body', 'x', { 'content-encoding': 'gzip' }, 415],
  ])('%s', async (_name, body, headers, status) => {
    const response = await post(body, headers);
    const text = await response.text();
    expect(response.status).toBe(status);
    expect(text).not.toMatch(STACK);
    const { errors } = JSON.parse(text) as { errors: { message: string }[] };
    expect(errors[0]!.message).toBeTruthy();
  });

  test.each([
    ['GET', 405],
    ['PUT', 405],
    ['DELETE', 405],
    ['OPTIONS', 405],
  ])('%s is answered %i', async (method, status) => {
    expect((await fetch(world.gateway.url, { method })).status).toBe(status);
  });

  test.each([
    ['a malformed host', 'POST /graphql HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n', 400],
    ['a bracket as host', 'POST /graphql HTTP/1.1\r\nHost: [\r\nConnection: close\r\n\r\n', 400],
    ['another host', 'POST /graphql HTTP/1.1\r\nHost: evil.test\r\nConnection: close\r\n\r\n', 421],
    [
      'two hosts',
      'POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.test\r\nConnection: close\r\n\r\n',
      400,
    ],
    ['no host', 'POST /graphql HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    [
      'a target that names a host',
      'POST http://evil.test/graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n',
      400,
    ],
    ['another path', 'POST /admin HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n', 404],
  ])('%s', async (_name, request, status) => {
    const answer = await raw(world.gateway.url, request);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).not.toMatch(STACK);
  });
});

describe('bad input is named', () => {
  test.each([
    ['an id of another API', '{ customer(id: "abc") { id } }'],
    [
      'an id of another type',
      `{ customer(id: "${Buffer.from('Erasure:00000000-0000-4000-8000-000000000000').toString('base64url')}") { id } }`,
    ],
    ['a cursor of nothing', '{ customers(after: "%%%") { edges { cursor } } }'],
    ['too large a page', '{ customers(first: 101) { edges { cursor } } }'],
    ['a negative page', '{ customers(first: -1) { edges { cursor } } }'],
    ['first and last', '{ customers(first: 1, last: 1) { edges { cursor } } }'],
    [
      'an id whose inside is not an id',
      `{ node(id: "${Buffer.from('Customer:1; drop table').toString('base64url')}") { id } }`,
    ],
    [
      'an id of an unknown type',
      `{ node(id: "${Buffer.from('Query:00000000-0000-4000-8000-000000000000').toString('base64url')}") { id } }`,
    ],
  ])('%s', async (_name, query) => {
    const { errors } = await world.admin.send(query);
    expect(errors[0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  test('a list that is too long', async () => {
    const { errors } = await world.admin.send('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids: Array.from({ length: 101 }, () => world.id(1)),
    });
    expect(errors[0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  test.each([
    ['an empty reason', { reason: '  ' }, 'reason'],
    ['a long reason', { reason: 'x'.repeat(501) }, 'reason'],
    ['an idempotency key with a space', { reason: 'x', idempotencyKey: 'a b' }, 'idempotencyKey'],
    ['an unknown integration', { reason: 'x', integrationIds: ['nowhere'] }, 'integrationIds'],
    ['no integration', { reason: 'x', integrationIds: [] }, 'integrationIds'],
  ])('%s', async (_name, input, path) => {
    const { deleteCustomer } = await world.admin.data(DELETE, {
      input: { customerId: world.id(40), ...input },
    });
    expect(deleteCustomer.__typename).toBe('InvalidInputError');
    expect(deleteCustomer.issues.map((issue: { path: string }) => issue.path)).toEqual([path]);
  });

  test('an unknown customer is a typed error', async () => {
    const customerId = Buffer.from('Customer:00000000-0000-4000-8000-000000000000').toString('base64url');
    const { deleteCustomer } = await world.admin.data(DELETE, { input: { customerId, reason: 'x' } });
    expect(deleteCustomer).toEqual({
      __typename: 'CustomerNotFoundError',
      message: 'There is no such customer.',
    });
  });
});

describe('documents that are too much', () => {
  test.each([
    [
      'deep',
      `{ customers { edges { node { manager { ${'parent { '.repeat(30)} id ${'}'.repeat(30)} } } } } }`,
    ],
    ['long', `{ viewer { ${'subject '.repeat(5_000)} } }`],
    ['aliased', `{ ${Array.from({ length: 50 }, (_, i) => `a${i}: viewer { subject }`).join(' ')} }`],
  ])('%s', async (_name, query) => {
    const { status, data, errors } = await world.admin.send(query);
    expect(status).toBe(400);
    expect(data).toBeNull();
    expect(errors.length).toBeGreaterThan(0);
  });

  test('an introspection query is refused', async () => {
    expect((await world.admin.send('{ __schema { types { name } } }')).status).toBe(400);
  });
});

describe('answers', () => {
  test('carry security headers and a request id', async () => {
    const { headers } = await world.admin.send('{ viewer { subject } }');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  test('mask what is unexpected, also under NODE_ENV=development, and log it whole under the request id', async () => {
    const { db } = world.gateway.store;
    const before = process.env['NODE_ENV'];
    process.env['NODE_ENV'] = 'development';
    await sql`alter table manager rename to canary_table`.execute(db);
    const { errors, headers } = await world.admin.send(
      'query ($id: ID!) { customer(id: $id) { manager { id } } }',
      {
        id: world.id(1),
      },
    );
    await sql`alter table canary_table rename to manager`.execute(db);
    process.env['NODE_ENV'] = before;
    const requestId = headers.get('x-request-id')!;
    expect(errors).toMatchObject([
      { message: 'Unexpected error.', extensions: { code: 'INTERNAL_SERVER_ERROR', requestId } },
    ]);
    expect(JSON.stringify(errors)).not.toContain('relation');
    const line = logged.find((entry) => entry.includes(requestId));
    expect(line).toContain('relation \\"manager\\" does not exist');
  });

  test("carry nothing of a provider's error body", async () => {
    const before = process.env['NODE_ENV'];
    process.env['NODE_ENV'] = 'development';
    await world.vendors.particle.fault({ kind: 'STATUS', status: 500, body: { error: 'sk_live_canary' } });
    const answer = await world.admin.send(
      'query ($id: ID!) { customer(id: $id) { accounts { ... on AccountFailure { message } } } }',
      { id: world.id(1) },
    );
    process.env['NODE_ENV'] = before;
    await world.vendors.particle.fault();
    expect(JSON.stringify(answer)).not.toContain('canary');
  });

  test('/health is alive', async () => {
    expect((await fetch(world.gateway.url.replace('/graphql', '/health'))).status).toBe(200);
  });
});
