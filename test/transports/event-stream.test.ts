import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { PROGRESS } from '../support/documents.ts';
import { requestErasure } from '../support/erasures.ts';
import { raw } from '../support/raw.ts';
import { RawStream } from '../support/streams.ts';
import { mintToken } from '../support/tokens.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let url: string;
let token: string;
/** Waits for the stop switch. */
let erasureId: string;

beforeAll(async () => {
  world = await startWorld({ corsOrigins: ['https://app.example.com'] });
  url = `${world.gateway.url}/stream`;
  token = await mintToken({ role: 'ADMIN' });
  await world.admin.data('mutation { pauseErasures(input: { reason: "a test" }) { __typename } }');
  erasureId = await requestErasure(world.admin, world.id(1));
});

afterAll(() => world.close());

interface Sent {
  method: string;
  bearer?: string | null;
  stream?: string | null;
  path?: string;
  body?: unknown;
}

const send = ({ method, bearer = token, stream = null, path = '', body }: Sent): Promise<Response> =>
  fetch(`${url}${path}`, {
    method,
    headers: {
      ...(bearer !== null && { authorization: `Bearer ${bearer}` }),
      ...(stream !== null && { 'x-graphql-event-stream-token': stream }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

const VIEWER = { query: '{ viewer { role } }', extensions: { operationId: 'a' } };

describe('without a valid token nothing is reserved, opened, started or ended', () => {
  test.each(['PUT', 'GET', 'POST', 'DELETE'])('%s', async (method) => {
    const stream = await RawStream.open(world.gateway.url, token);
    for (const bearer of [null, 'a.b.c']) {
      const body = method === 'POST' ? VIEWER : undefined;
      expect((await send({ method, bearer, stream: stream.token, body })).status).toBe(401);
    }
    expect(stream.received).toEqual([]);
    stream.cut();
  });
});

describe('a stream', () => {
  test("is its own reader's: to another it is like one that is not there", async () => {
    const stream = await RawStream.open(world.gateway.url, token);
    const bearer = await mintToken({ role: 'ADMIN', subject: 'somebody else' });
    const answers: string[] = [];
    for (const one of [stream.token, 'x'.repeat(43), null, `${stream.token}, ${stream.token}`]) {
      for (const method of ['GET', 'POST', 'DELETE']) {
        const body = method === 'POST' ? VIEWER : undefined;
        const response = await send({ method, bearer, stream: one, body });
        answers.push(`${response.status} ${await response.text()}`);
      }
    }
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toMatch(/^404 /);
    stream.cut();
  });

  test('is never named by a URL', async () => {
    const stream = await RawStream.reserve(world.gateway.url, token);
    expect((await send({ method: 'GET', path: `?token=${stream.token}` })).status).toBe(404);
  });

  test('has one reader at a time', async () => {
    const stream = await RawStream.open(world.gateway.url, token);
    expect((await send({ method: 'GET', stream: stream.token })).status).toBe(409);
    expect(await stream.ask('{ viewer { role } }')).toEqual([{ data: { viewer: { role: 'ADMIN' } } }]);
    stream.cut();
  });

  test('cannot be used once it was cut', async () => {
    const stream = await RawStream.open(world.gateway.url, token);
    stream.cut();
    await vi.waitFor(async () => {
      expect((await stream.post('a', '{ viewer { role } }')).status).toBe(404);
    });
  });

  test('brings what was asked for before it was opened', async () => {
    const stream = await RawStream.reserve(world.gateway.url, token);
    expect((await stream.post('a', '{ viewer { role } }')).status).toBe(202);
    await stream.open();
    await stream.until(({ event }) => event === 'complete');
    expect(stream.received).toEqual([
      { event: 'next', data: { id: 'a', payload: { data: { viewer: { role: 'ADMIN' } } } } },
      { event: 'complete', data: { id: 'a' } },
    ]);
    stream.cut();
  });

  test('ends an operation by DELETE, after which its id is free', async () => {
    const stream = await RawStream.open(world.gateway.url, token);
    await stream.post('a', PROGRESS, { id: erasureId });
    await stream.until(({ event }) => event === 'next');
    expect((await stream.post('a', PROGRESS, { id: erasureId })).status).toBe(409);
    expect((await stream.stop('a')).status).toBe(200);
    expect((await stream.stop('a')).status).toBe(200);
    expect((await stream.post('a', '{ viewer { role } }')).status).toBe(202);
    await stream.until(({ event }) => event === 'complete');
    expect(stream.received.map(({ event }) => event)).toEqual(['next', 'next', 'complete']);
    stream.cut();
  });

  test('carries a hundred operations at a time and no more', async () => {
    const stream = await RawStream.open(world.gateway.url, token);
    for (let i = 0; i < 100; i++) await stream.post(`a${i}`, PROGRESS, { id: erasureId });
    const response = await stream.post('b', '{ viewer { role } }');
    expect(response.status).toBe(429);
    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: 'TOO_MANY_OPERATIONS' } }],
    });
    stream.cut();
  });

  test('is forgotten, with what was asked for, when it is not opened within ten seconds', async () => {
    const waits = vi.spyOn(globalThis, 'setTimeout');
    const ofToken = await mintToken({ role: 'ADMIN', expiresIn: 777 });
    const stream = await RawStream.reserve(world.gateway.url, ofToken);
    const reserved = waits.mock.calls.find(([, ms]) => ms === 10_000)!;
    await stream.post('a', PROGRESS, { id: erasureId });
    const left = (): boolean[] =>
      waits.mock.results
        .filter((_, i) => waits.mock.calls[i]![1]! > 770_000)
        .map(({ value }) => (value as { _destroyed: boolean })._destroyed);
    await vi.waitFor(() => expect(left()).toEqual([false]));
    reserved[0]();
    expect((await send({ method: 'GET', stream: stream.token })).status).toBe(404);
    await vi.waitFor(() => expect(left()).toEqual([true]));
    waits.mockRestore();
  });
});

describe('an operation is refused', () => {
  test.each<[string, unknown, number, string]>([
    ['without an id', { query: '{ viewer { role } }' }, 400, 'BAD_USER_INPUT'],
    ['with an id that is no text', { ...VIEWER, extensions: { operationId: 1 } }, 400, 'BAD_USER_INPUT'],
    ['with a long id', { ...VIEWER, extensions: { operationId: 'x'.repeat(129) } }, 400, 'BAD_USER_INPUT'],
    ['in a batch', [VIEWER], 400, 'BAD_USER_INPUT'],
    ['that is not valid', { ...VIEWER, query: '{ nothing }' }, 400, 'GRAPHQL_VALIDATION_FAILED'],
    ['that is no document', { ...VIEWER, query: '{' }, 400, 'GRAPHQL_PARSE_FAILED'],
    ['without a document', { ...VIEWER, query: null }, 400, 'BAD_REQUEST'],
  ])('%s, in the answer to its request', async (_name, body, status, code) => {
    const stream = await RawStream.open(world.gateway.url, token);
    const response = await send({ method: 'POST', stream: stream.token, body });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] });
    expect(stream.received).toEqual([]);
    stream.cut();
  });

  test('and tells what is left to spend otherwise', async () => {
    const stream = await RawStream.open(world.gateway.url, token);
    const response = await stream.post('a', '{ viewer { role } }');
    expect(response.headers.get('ratelimit')).toMatch(/^"caller";r=\d+;t=\d+$/);
    stream.cut();
  });
});

describe('the door', () => {
  test('tells listed pages what they may send', async () => {
    const preflight = { 'access-control-request-method': 'PUT', origin: 'https://app.example.com' };
    const { status, headers } = await fetch(url, { method: 'OPTIONS', headers: preflight });
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-methods')).toBe('PUT, GET, POST, DELETE');
  });

  test.each([
    ['another method', 'PATCH /graphql/stream HTTP/1.1\r\nHost: 127.0.0.1', 405],
    ['another host', 'PUT /graphql/stream HTTP/1.1\r\nHost: evil.test', 421],
    ['a form', 'POST /graphql/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain', 415],
    [
      'a large body',
      'POST /graphql/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 262145',
      413,
    ],
  ])('refuses %s', async (_name, head, status) => {
    const answer = await raw(world.gateway.url, `${head}\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });
});
