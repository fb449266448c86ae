import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DELETE } from './support/documents.ts';
import { requestErasure } from './support/erasures.ts';
import { raw } from './support/raw.ts';
import { mintToken } from './support/tokens.ts';
import { startWorld, type World } from './support/world.ts';

let world: World;
let token: string;

beforeAll(async () => {
  world = await startWorld({ corsOrigins: ['https://app.test'] });
  token = await mintToken({ role: 'ADMIN' });
});

afterAll(() => world.close());

function post(body: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(world.gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
    body,
  });
}

const HEAD =
  'POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nConnection: close\r\n';

describe('a body', () => {
  const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
  const chunked = (...chunks: string[]): Promise<string> =>
    raw(
      world.gateway.url,
      `${HEAD}Authorization: Bearer ${token}\r\nTransfer-Encoding: chunked\r\n\r\n${chunks.map(chunk).join('')}0\r\n\r\n`,
    );

  test('may come in chunks', async () => {
    const answer = await chunked('{"query":"{ vie', 'wer { role } }"}');
    expect(answer).toMatch(/^HTTP\/1.1 200 .*"role":"ADMIN"/s);
  });

  test('is refused when it has grown too large, in however small chunks', async () => {
    const answer = await chunked(...Array.from({ length: 300 }, () => ' '.repeat(1_024)));
    expect(answer).toMatch(/^HTTP\/1.1 413 .*"code":"PAYLOAD_TOO_LARGE"/s);
  });

  test('is refused unread when it announces too much', async () => {
    const answer = await raw(world.gateway.url, `${HEAD}Content-Length: 262145\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
  });

  test('of the most bytes that it may have is read', async () => {
    const query = '{"query":"{ viewer { role } }"}';
    expect((await post(query.padEnd(256 * 1024))).status).toBe(200);
    expect((await post(query.padEnd(256 * 1024 + 1))).status).toBe(413);
  });
});

describe('what is accepted', () => {
  const ROLE = '{"query":"{ viewer { role } }"}';
  const LEGACY = 'application/json';
  const MODERN = 'application/graphql-response+json';
  const UNKNOWN = Buffer.from('Erasure:00000000-0000-4000-8000-000000000000').toString('base64url');
  const WATCH = JSON.stringify({ query: `subscription { erasureProgress(erasureId: "${UNKNOWN}") { at } }` });
  const typeOf = (response: Response): string => response.headers.get('content-type')!.split(';')[0]!;

  test.each([
    [LEGACY, LEGACY],
    [MODERN, MODERN],
    ['*/*', LEGACY],
    ['application/*', LEGACY],
    [`${MODERN}, ${LEGACY};q=0.9`, MODERN],
    [`${LEGACY};q=0.9, ${MODERN}`, MODERN],
    [`image/png, ${LEGACY};q=0.1`, LEGACY],
    [`${MODERN};q=0, ${LEGACY}`, LEGACY],
    ['text/event-stream', 'text/event-stream'],
  ])('%s is answered by %s', async (accept, type) => {
    const response = await post(ROLE, { accept });
    expect(response.status).toBe(200);
    expect(typeOf(response)).toBe(type);
    await response.body!.cancel();
  });

  test.each(['image/png', 'text/html', 'application/json;q=0', ','])(
    '%s is refused, and nothing is done',
    async (accept) => {
      const input = { customerId: world.id(1), reason: 'a test' };
      const response = await post(JSON.stringify({ query: DELETE, variables: { input } }), { accept });
      expect(response.status).toBe(406);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_ACCEPTABLE' } }] });
      const { erasures } = await world.admin.data('{ erasures { edges { node { id } } } }');
      expect(erasures.edges).toEqual([]);
    },
  );

  test.each([LEGACY, MODERN])('%s is too little for a subscription', async (accept) => {
    const response = await post(WATCH, { accept });
    expect(response.status).toBe(406);
    expect(typeOf(response)).toBe(accept);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_ACCEPTABLE' } }] });
  });

  test.each([
    ['a variable is missing', { query: 'query ($id: ID!) { customer(id: $id) { id } }' }],
    ['no operation is named', { query: 'query A { viewer { role } } query B { viewer { role } }' }],
    ['a field is unknown', { query: '{ nothing }' }],
  ])('%s: the status depends on it', async (_name, body) => {
    expect((await post(JSON.stringify(body), { accept: MODERN })).status).toBe(400);
    expect((await post(JSON.stringify(body), { accept: LEGACY })).status).toBe(200);
  });

  test('names of the future are ignored', async () => {
    const response = await post('{"query":"{ viewer { role } }","id":"x","toString":1,"__proto__":{}}');
    expect(await response.json()).toEqual({ data: { viewer: { role: 'ADMIN' } } });
  });

  test.each<[string, string, Record<string, string>]>([
    ['a success', ROLE, {}],
    ['a document that is not valid', '{"query":"{ nothing }"}', {}],
    ['an error of a field', '{"query":"{ customer(id: \\"x\\") { id } }"}', {}],
    ['a bad token', ROLE, { authorization: 'Bearer a.b.c' }],
    ['a bad content type', ROLE, { 'content-type': 'text/plain' }],
    ['a body that is too large', ROLE.padEnd(256 * 1024 + 1), {}],
    ['nothing that is accepted', ROLE, { accept: 'image/png' }],
    ['one result as a stream', ROLE, { accept: 'text/event-stream' }],
    ['one result in parts', ROLE, { accept: 'multipart/mixed' }],
    ['a stream', WATCH, { accept: 'text/event-stream' }],
  ])('nobody may keep the answer: %s', async (_name, body, headers) => {
    const response = await post(body, headers);
    expect(response.headers.get('cache-control')).toBe('no-store');
    await response.body!.cancel();
  });

  test('nobody may keep an open stream', async () => {
    const id = await requestErasure(world.admin, world.id(1));
    const query = `subscription { erasureProgress(erasureId: "${id}") { at } }`;
    const response = await post(JSON.stringify({ query }), { accept: 'text/event-stream' });
    expect(typeOf(response)).toBe('text/event-stream');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.text()).toContain('event: complete');
  });

  test('nobody may keep a stream that many operations share', async () => {
    const ask = (method: string, headers: Record<string, string> = {}): Promise<Response> =>
      fetch(`${world.gateway.url}/stream`, {
        method,
        headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream', ...headers },
      });
    const reserved = await ask('PUT');
    const stream = await ask('GET', { 'x-graphql-event-stream-token': await reserved.text() });
    expect(typeOf(stream)).toBe('text/event-stream');
    for (const { headers } of [reserved, stream]) expect(headers.get('cache-control')).toBe('no-store');
    await stream.body!.cancel();
  });
});

describe('pages of other origins', () => {
  const from = (origin: string, method: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(world.gateway.url, { method, headers: { origin, ...headers } });
  const preflight = { 'access-control-request-method': 'POST' };

  test('of a listed origin may call, by POST and with a token, and read what their errors say', async () => {
    const asked = await from('https://app.test', 'OPTIONS', preflight);
    expect(asked.status).toBe(204);
    expect(Object.fromEntries(asked.headers)).toMatchObject({
      'access-control-allow-origin': 'https://app.test',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'authorization, content-type, x-graphql-event-stream-token',
      vary: 'origin',
    });
    const answered = await post('{"query":"{ viewer { role } }"}', { origin: 'https://app.test' });
    expect(answered.status).toBe(200);
    expect(answered.headers.get('access-control-allow-origin')).toBe('https://app.test');
    expect(answered.headers.get('access-control-expose-headers')).toContain('x-request-id');
    expect(answered.headers.get('access-control-allow-credentials')).toBeNull();
  });

  test.each([
    'https://evil.test',
    'https://app.test.evil.test',
    'http://app.test',
    'null',
    'HTTPS://APP.TEST',
  ])('of %s may not', async (origin) => {
    const asked = await from(origin, 'OPTIONS', preflight);
    expect(asked.status).toBe(405);
    for (const response of [asked, await post('{"query":"{ viewer { role } }"}', { origin })])
      expect([...response.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
  });
});

/** How long a client lasts that sends `opening` and then `more` every half second; in ms. */
async function lasts(opening: string, more: string): Promise<number> {
  const { hostname, port } = new URL(world.gateway.url);
  const since = Date.now();
  const socket = connect(Number(port), hostname, () => socket.write(opening));
  socket.on('error', () => {}).resume();
  const drip = setInterval(() => socket.write(more), 500);
  await new Promise((resolve) => socket.once('close', resolve));
  clearInterval(drip);
  return Date.now() - since;
}

describe('slow clients', () => {
  const BODY = `${HEAD}Content-Length: 100000\r\n\r\n{`;
  const CHUNKS = `${HEAD}Transfer-Encoding: chunked\r\n\r\n`;

  test('are cut off within 15 seconds, and others are served meanwhile', async () => {
    const slow = Promise.all([
      lasts('', ''),
      lasts('P', 'O'),
      lasts('POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\n', 'X-More: 1\r\n'),
      lasts(BODY, ' '),
      lasts(CHUNKS, '1\r\n \r\n'),
      lasts(`POST /export${HEAD.slice('POST /graphql'.length)}Content-Length: 9\r\n\r\n`, ' '),
    ]);
    let served = 0;
    const serving = new AbortController();
    void slow.finally(() => serving.abort());
    while (!serving.signal.aborted) {
      expect((await world.admin.send('{ viewer { role } }')).status).toBe(200);
      served++;
      await setTimeout(250);
    }
    for (const ms of await slow) expect(ms).toBeLessThan(15_000);
    expect(served).toBeGreaterThan(10);
  });
});
