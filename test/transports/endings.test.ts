import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { PROGRESS } from '../support/documents.ts';
import { requestErasure } from '../support/erasures.ts';
import { clockBehind, earlier, revoke } from '../support/revocations.ts';
import { RawSocket } from '../support/sockets.ts';
import { RawStream } from '../support/streams.ts';
import { mintToken, type TokenClaims } from '../support/tokens.ts';
import { startWorld, type World } from '../support/world.ts';

const WITHIN_MS = 1_000;
const LIFETIME_S = 2;

let world: World;
/** Waits for the stop switch. */
let erasureId: string;

beforeAll(async () => {
  world = await startWorld({ clock: clockBehind() });
  await world.admin.data('mutation { pauseErasures(input: { reason: "a test" }) { __typename } }');
  erasureId = await requestErasure(world.admin, world.id(1));
});

afterAll(() => world.close());

/** A connection that shows the progress of what does not go on, twice. */
interface Watching {
  /** How it ended, and what it brought from then on. */
  ended: Promise<{ at: number; code?: number }>;
  /** The kinds of all that it brought. */
  kinds(): string[];
  cut(): void;
}

type Watch = (claims: TokenClaims) => Promise<Watching>;

const bySocket: Watch = async (claims) => {
  const client = await RawSocket.as(world.gateway.url, await mintToken(claims));
  for (const id of ['a', 'b']) {
    client.subscribe(id, PROGRESS, { id: erasureId });
    await client.until((message) => message.id === id);
  }
  return {
    ended: client.ended.then(({ code }) => ({ at: Date.now(), code })),
    kinds: () => client.received.map(({ type }) => type),
    cut: () => client.socket.terminate(),
  };
};

const byStream: Watch = async (claims) => {
  const client = await RawStream.open(world.gateway.url, await mintToken(claims));
  for (const id of ['a', 'b']) {
    await client.post(id, PROGRESS, { id: erasureId });
    await client.until(({ data }) => data.id === id);
  }
  return {
    ended: client.ended.then(() => ({ at: Date.now() })),
    kinds: () => client.received.map(({ event }) => event),
    cut: () => client.cut(),
  };
};

describe.each<[string, Watch, number | undefined]>([
  ['a socket', bySocket, 4403],
  ['a stream', byStream, undefined],
])('%s', (name, watch, code) => {
  test('ends as a whole with its token, and calls nothing complete', async () => {
    const expiresAt = (Math.floor(Date.now() / 1000) + LIFETIME_S) * 1000;
    const watching = await watch({ role: 'ADMIN', expiresIn: LIFETIME_S });
    const { at, ...end } = await watching.ended;
    expect(at - expiresAt).toBeGreaterThanOrEqual(0);
    expect(at - expiresAt).toBeLessThan(WITHIN_MS);
    expect(end).toEqual(code === undefined ? {} : { code });
    expect(watching.kinds()).not.toContain('complete');
  });

  test('ends when its token is revoked, and no other does', async () => {
    const stolen = await watch(earlier({ subject: name, jti: `stolen ${name}` }));
    const other = await watch(earlier({ subject: name, jti: `other ${name}` }));
    await revoke(world.admin, { jti: `stolen ${name}` });
    const revokedAt = Date.now();
    const { at, ...end } = await stolen.ended;
    expect(at - revokedAt).toBeLessThan(WITHIN_MS);
    expect(end).toEqual(code === undefined ? {} : { code });
    expect(stolen.kinds()).not.toContain('complete');
    expect(await Promise.race([other.ended, wait(200, 'open')])).toBe('open');
    other.cut();
  });

  test('is not opened any more with a token that was revoked', async () => {
    await expect(watch(earlier({ subject: name, jti: `stolen ${name}` }))).rejects.toThrow(/4403|401/);
  });
});

test('a socket and a stream that carry nothing end with their token, too', async () => {
  const expiresAt = (Math.floor(Date.now() / 1000) + LIFETIME_S) * 1000;
  const token = await mintToken({ role: 'ADMIN', expiresIn: LIFETIME_S });
  const socket = await RawSocket.as(world.gateway.url, token);
  const stream = await RawStream.open(world.gateway.url, token);
  expect((await socket.ended).code).toBe(4403);
  await stream.ended;
  expect(Date.now() - expiresAt).toBeLessThan(WITHIN_MS);
});

const OPENED = 50;
const OPERATIONS = 10;
/** The store, the engine and fetch have a few of their own at any time. */
const OWN = 5;

describe('a thousand streams that were opened and cut leave nothing behind', () => {
  /** How many of the timers that work sets have neither rung nor been called off. */
  async function timersOf(work: () => Promise<void>): Promise<() => number> {
    const spies = [vi.spyOn(globalThis, 'setTimeout'), vi.spyOn(globalThis, 'setInterval')];
    await work();
    const set = spies.flatMap(({ mock }) =>
      mock.results.map(({ value }) => value as { _destroyed: boolean }),
    );
    for (const spy of spies) spy.mockRestore();
    expect(set.length).toBeGreaterThan(OPENED * OPERATIONS);
    return () => set.filter(({ _destroyed }) => !_destroyed).length;
  }

  const connections = (): number =>
    process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;

  async function expectNothingLeft(open: (token: string) => Promise<() => void>): Promise<void> {
    const warnings: Error[] = [];
    const warn = (warning: Error): void => void warnings.push(warning);
    process.on('warning', warn);
    const token = await mintToken({ role: 'ADMIN' });
    const before = connections();
    const left = await timersOf(async () => {
      for (let i = 0; i < OPENED; i++) (await open(token))();
    });
    await vi.waitFor(() => expect(left()).toBeLessThanOrEqual(OWN));
    await vi.waitFor(() => expect(connections()).toBeLessThanOrEqual(before + OWN));
    process.off('warning', warn);
    expect(warnings).toEqual([]);
  }

  test('by socket', () =>
    expectNothingLeft(async (token) => {
      const client = await RawSocket.as(world.gateway.url, token);
      for (let i = 0; i < OPERATIONS; i++) client.subscribe(`a${i}`, PROGRESS, { id: erasureId });
      await client.until(({ id }) => id === `a${OPERATIONS - 1}`);
      client.send({ type: 'complete', id: 'a0' });
      return () => client.socket.terminate();
    }));

  test('by stream', () =>
    expectNothingLeft(async (token) => {
      const client = await RawStream.open(world.gateway.url, token);
      for (let i = 0; i < OPERATIONS; i++) await client.post(`a${i}`, PROGRESS, { id: erasureId });
      await client.until(({ data }) => data.id === `a${OPERATIONS - 1}`);
      await client.stop('a0');
      return () => client.cut();
    }));
});

test('a gateway that stops tells requests and streams that they are complete, and sockets to come back', async () => {
  const socket = await bySocket({ role: 'ADMIN' });
  const stream = await byStream({ role: 'ADMIN' });
  const request = await fetch(world.gateway.url, {
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      authorization: `Bearer ${await mintToken({ role: 'ADMIN' })}`,
    },
    body: JSON.stringify({ query: PROGRESS, variables: { id: erasureId } }),
  });
  const since = Date.now();
  await world.gateway.stop();
  expect(Date.now() - since).toBeLessThan(5_000);
  expect(await socket.ended).toMatchObject({ code: 1001 });
  expect(socket.kinds()).not.toContain('complete');
  await stream.ended;
  expect(stream.kinds().filter((kind) => kind === 'complete')).toHaveLength(2);
  expect((await request.text()).trimEnd()).toMatch(/event: complete(\ndata:)?$/);
});
