import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { handshake } from '../support/handshake.ts';
import { raw } from '../support/raw.ts';
import { RawSocket } from '../support/sockets.ts';
import { mintToken } from '../support/tokens.ts';
import { startWorld, type World } from '../support/world.ts';

const LISTED = 'https://app.example.com';
const STACK = /\bat .*\.(js|ts):\d+/;

let world: World;
let token: string;

beforeAll(async () => {
  world = await startWorld({ corsOrigins: [LISTED] });
  token = await mintToken({ role: 'ADMIN' });
});

afterAll(() => world.close());

const init = (payload?: object): object => ({ type: 'connection_init', ...(payload && { payload }) });

describe('a socket is not opened', () => {
  test.each<[string, string, number]>([
    ['for a page of another origin', handshake({ origin: 'https://evil.test' }), 403],
    ['for a page of no origin', handshake({ origin: 'null' }), 403],
    ['for a listed origin and another', handshake({ origin: `${LISTED}, https://evil.test` }), 403],
    ['for the own host on another port', handshake({ origin: 'http://127.0.0.1:1' }), 403],
    ['under another host', handshake({ host: 'evil.test' }), 421],
    ['under a malformed host', handshake({ host: 'a b' }), 400],
    ['under two hosts', handshake({ host: '127.0.0.1\r\nhost: evil.test' }), 400],
    ['at another path', handshake({}, 'GET /export HTTP/1.1'), 404],
    ['at a whole URL', handshake({}, 'GET http://evil.test/graphql HTTP/1.1'), 400],
    ['by POST', handshake({}, 'POST /graphql HTTP/1.1'), 405],
    ['without a key', handshake({ 'sec-websocket-key': null }), 400],
    ['in another version', handshake({ 'sec-websocket-version': '12' }), 400],
    ['with malformed subprotocols', handshake({ 'sec-websocket-protocol': ',' }), 400],
  ])('%s', async (_name, request, status) => {
    const answer = await raw(world.gateway.url, request);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).not.toMatch(STACK);
  });

  test('and its connection is closed, though the client keeps its end open', async () => {
    const { port } = new URL(world.gateway.url);
    const socket = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true });
    socket.end(handshake({ origin: 'https://evil.test' })).resume();
    await new Promise((resolve) => socket.on('end', resolve));
  });
});

describe('a socket is opened', () => {
  test.each([
    ['for a page of the own host', () => new URL(world.gateway.url).origin],
    ['for a page of a listed origin', () => LISTED],
  ])('%s', async (_name, origin) => {
    const socket = await RawSocket.open(world.gateway.url, { origin: origin() });
    socket.send(init({ authorization: `Bearer ${token}` }));
    await socket.until(({ type }) => type === 'connection_ack');
    socket.socket.terminate();
  });

  test('for the token in its header', async () => {
    const socket = await RawSocket.open(world.gateway.url, { headers: { authorization: `Bearer ${token}` } });
    socket.send(init());
    await socket.until(({ type }) => type === 'connection_ack');
    expect(await socket.ask('{ viewer { role } }')).toMatchObject([
      { type: 'next', payload: { data: { viewer: { role: 'ADMIN' } } } },
      { type: 'complete' },
    ]);
    socket.socket.terminate();
  });
});

test('an offer of another protocol is not taken up, and every request is answered', async () => {
  const body = JSON.stringify({ query: '{ viewer { role } }' });
  const headers = {
    host: '127.0.0.1',
    connection: 'Upgrade, HTTP2-Settings',
    upgrade: 'h2c',
    'http2-settings': 'AAMAAABkAAQCAAAAAAIAAAAA',
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'content-length': String(body.length),
  };
  const warned = vi.fn<(warning: Error) => void>();
  process.on('warning', warned);
  const { port } = new URL(world.gateway.url);
  const socket = connect(Number(port), '127.0.0.1').setEncoding('utf8');
  for (let i = 0; i < 20; i++) {
    socket.write(
      Object.entries(headers).reduce(
        (text, [name, value]) => `${text}${name}: ${value}\r\n`,
        'POST /graphql HTTP/1.1\r\n',
      ),
    );
    socket.write('\r\n');
    setImmediate(() => socket.write(body));
    const [answer] = (await once(socket, 'data')) as [string];
    expect(answer).toMatch(/^HTTP\/1.1 200 /);
  }
  socket.destroy();
  process.off('warning', warned);
  expect(warned).not.toHaveBeenCalled();
});
