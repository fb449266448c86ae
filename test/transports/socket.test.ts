import { once } from 'node:events';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { PROGRESS } from '../support/documents.ts';
import { requestErasure } from '../support/erasures.ts';
import { handshake } from '../support/handshake.ts';
import { raw } from '../support/raw.ts';
import { RawSocket } from '../support/sockets.ts';
import { mintToken } from '../support/tokens.ts';
import { startWorld, type World } from '../support/world.ts';

const STACK = /\bat .*\.(js|ts):\d+/;

let world: World;
let token: string;
/** Waits for the stop switch. */
let erasureId: string;

beforeAll(async () => {
  world = await startWorld();
  token = await mintToken({ role: 'ADMIN' });
  await world.admin.data('mutation { pauseErasures(input: { reason: "a test" }) { __typename } }');
  erasureId = await requestErasure(world.admin, world.id(1));
});

afterAll(() => world.close());

const init = (payload?: object): object => ({ type: 'connection_init', ...(payload && { payload }) });
const VIEWER = { type: 'subscribe', id: 'a', payload: { query: '{ viewer { role } }' } };

/** What a socket brings and how it ends that sends these messages one after the other. */
async function after(messages: (object | string | Buffer)[], options = {}) {
  const socket = await RawSocket.open(world.gateway.url, options);
  for (const message of messages)
    socket.socket.send(
      typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message),
    );
  return { end: await socket.ended, types: socket.received.map(({ type }) => type) };
}

describe('a socket is closed', () => {
  const bearer = () => `Bearer ${token}`;

  test.each<[string, number, () => (object | string | Buffer)[]]>([
    ['without a token', 4401, () => [init()]],
    ['for an operation before it is known whose', 4401, () => [VIEWER]],
    ['for a token that is none', 4403, () => [init({ authorization: 'Bearer a.b.c' })]],
    ['for a token without its scheme', 4403, () => [init({ authorization: token })]],
    ['for a token that is no text', 4403, () => [init({ authorization: { Bearer: token } })]],
    ['for two tokens', 4403, () => [init({ authorization: bearer(), Authorization: bearer() })]],
    ['for a second initialisation', 4429, () => [init({ authorization: bearer() }), init()]],
    ['for no JSON', 4400, () => ['{"type":']],
    ['for JSON that is no message', 4400, () => ['[1]']],
    ['for a message of a type that is not there', 4400, () => [{ type: 'start', id: '1', payload: {} }]],
    ['for a message that servers send', 4400, () => [{ type: 'connection_ack' }]],
    ['for an operation without an id', 4400, () => [{ ...VIEWER, id: '' }]],
    ['for a binary message', 4400, () => [Buffer.from(JSON.stringify(init({ authorization: bearer() })))]],
    ['for a large message before it is known whose', 1009, () => [init({ x: 'x'.repeat(17_000) })]],
    ['for a message that is too large', 1009, () => [init({ x: 'x'.repeat(257 * 1024) })]],
    ['for text that is no UTF-8', 4400, () => [Buffer.from([0xff, 0xfe])]],
  ])('%s: %i', async (_name, code, messages) => {
    const { end, types } = await after(messages());
    expect(end).toEqual({ code, reason: expect.any(String) });
    expect(types.filter((type) => type !== 'connection_ack')).toEqual([]);
    expect(end.reason).not.toMatch(STACK);
  });

  test('for a token in the header and another in the message: 4403', async () => {
    const options = { headers: { authorization: bearer() } };
    expect((await after([init({ authorization: bearer() })], options)).end.code).toBe(4403);
  });

  test('for no subprotocol: 4406', async () => {
    expect((await after([], { protocol: [] })).end.code).toBe(4406);
  });

  test('for the subprotocol of before: 4406', async () => {
    // The client's library would not take an answer without a subprotocol.
    const answer = await raw(world.gateway.url, handshake({ 'sec-websocket-protocol': 'graphql-ws' }));
    expect(answer).toMatch(/^HTTP\/1.1 101 /);
    expect(answer).toContain('\x11\x36Only graphql-transport-ws is spoken');
  });

  test('when it says nothing: 4408 after three seconds, and not when it has said who it is', async () => {
    const since = Date.now();
    const known = await RawSocket.as(world.gateway.url, token);
    expect((await after([])).end.code).toBe(4408);
    expect(Date.now() - since).toBeGreaterThanOrEqual(2_900);
    expect(Date.now() - since).toBeLessThan(4_500);
    expect(await known.ask('{ viewer { role } }')).toHaveLength(2);
    known.socket.terminate();
  });

  test('while it cannot be told whether its token was revoked: 1013', async () => {
    const { db } = world.gateway.store;
    await sql`alter table token_revocation rename to out_of_reach`.execute(db);
    const isUnknown = async () => (await world.admin.send('{ viewer { role } }')).status === 503;
    await vi.waitUntil(isUnknown, { timeout: 10_000 });
    const { end } = await after([init({ authorization: bearer() })]);
    await sql`alter table out_of_reach rename to token_revocation`.execute(db);
    expect(end.code).toBe(1013);
  });

  test('for an operation whose id is in use: 4409', async () => {
    const socket = await RawSocket.as(world.gateway.url, token);
    socket.send(VIEWER);
    socket.send(VIEWER);
    expect((await socket.ended).code).toBe(4409);
  });
});

describe('a socket', () => {
  test('answers pings with what they carry', async () => {
    const socket = await RawSocket.as(world.gateway.url, token);
    socket.send({ type: 'ping', payload: { beat: 1 } });
    expect(await socket.until(({ type }) => type === 'pong')).toEqual({ type: 'pong', payload: { beat: 1 } });
    socket.socket.terminate();
  });

  test('ends an operation that is complete for its client, whose id is free at once', async () => {
    const socket = await RawSocket.as(world.gateway.url, token);
    const events = (): number => socket.received.filter(({ type }) => type === 'next').length;
    for (let i = 0; i < 5; i++) {
      socket.subscribe('a', PROGRESS, { id: erasureId });
      socket.send({ type: 'complete', id: 'a' });
    }
    socket.subscribe('a', PROGRESS, { id: erasureId });
    await socket.until(({ type }) => type === 'next');
    await socket.ask('{ viewer { role } }');
    expect(events()).toBe(2);
    expect(socket.received.filter(({ id, type }) => id === 'a' && type === 'complete')).toEqual([]);
    socket.socket.terminate();
  });

  test('carries a hundred operations at a time and no more', async () => {
    const socket = await RawSocket.as(world.gateway.url, token);
    for (let i = 0; i < 100; i++) socket.subscribe(`a${i}`, PROGRESS, { id: erasureId });
    const more = await socket.ask('{ viewer { role } }');
    expect(more).toMatchObject([
      { type: 'error', payload: [{ extensions: { code: 'TOO_MANY_OPERATIONS' } }] },
    ]);
    socket.send({ type: 'complete', id: 'a0' });
    socket.subscribe('b', '{ viewer { role } }');
    expect(await socket.whole('b')).toMatchObject([{ type: 'next' }, { type: 'complete' }]);
    socket.socket.terminate();
  });

  test('takes no id that is longer than a name', async () => {
    const socket = await RawSocket.as(world.gateway.url, token);
    const id = 'x'.repeat(129);
    socket.subscribe(id, '{ viewer { role } }');
    expect(await socket.whole(id)).toMatchObject([
      { type: 'error', payload: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
    ]);
    socket.socket.terminate();
  });

  test('is cut off when its client reads nothing of what it asks for', async () => {
    const socket = await RawSocket.as(world.gateway.url, token);
    socket.socket.pause();
    const ping = JSON.stringify({ type: 'ping', payload: { text: 'x'.repeat(200_000) } });
    for (let i = 0; i < 200 && socket.socket.readyState === socket.socket.OPEN; i++)
      await new Promise((resolve) => socket.socket.send(ping, resolve));
    socket.socket.resume();
    expect((await socket.ended).code).toBe(1006);
    expect(socket.received.length).toBeLessThan(100);
  });

  test('is cut off when its client has not answered a ping at the time of the next', async () => {
    const intervals = vi.spyOn(globalThis, 'setInterval');
    await world.restart({});
    const ping = intervals.mock.calls.find(([, ms]) => ms === 12_000)![0];
    intervals.mockRestore();
    const [dead, alive] = [
      await RawSocket.open(world.gateway.url, { autoPong: false }),
      await RawSocket.as(world.gateway.url, token),
    ];
    dead.send(init({ authorization: `Bearer ${token}` }));
    await dead.until(({ type }) => type === 'connection_ack');
    for (let i = 0; i < 2; i++) {
      const pinged = once(alive.socket, 'ping');
      ping();
      await pinged;
      await alive.ask('{ viewer { role } }'); // after which its pong has arrived
    }
    expect((await dead.ended).code).toBe(1006);
    expect(alive.socket.readyState).toBe(alive.socket.OPEN);
    alive.socket.terminate();
  });
});
