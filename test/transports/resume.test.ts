import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROGRESS } from '../support/documents.ts';
import { requestErasure } from '../support/erasures.ts';
import { RawSocket } from '../support/sockets.ts';
import { RawStream } from '../support/streams.ts';
import { mintToken } from '../support/tokens.ts';
import { startWorld, type World } from '../support/world.ts';

interface Event {
  sequence: number;
  action: string;
}

/** Events after a number, until there are so many, when the connection is cut, or to the end of the erasure. */
type Watch = (id: string, after: number, count: number) => Promise<Event[]>;

let world: World;
let token: string;

beforeAll(async () => {
  world = await startWorld();
  token = await mintToken({ role: 'ADMIN' });
});

afterAll(() => world.close());

const request: Watch = async (id, after, count) => {
  const results = await world.admin.watch(PROGRESS, { id, after }, (results) => results.length >= count);
  return results.map(({ data }) => data.erasureProgress);
};

const socket: Watch = async (id, after, count) => {
  const client = await RawSocket.as(world.gateway.url, token);
  client.subscribe('a', PROGRESS, { id, after });
  const events = (): Event[] =>
    client.received.filter(({ type }) => type === 'next').map(({ payload }) => payload.data.erasureProgress);
  await client.until(({ type }) => type === 'complete' || events().length >= count);
  client.socket.terminate();
  return events();
};

const stream: Watch = async (id, after, count) => {
  const client = await RawStream.open(world.gateway.url, token);
  await client.post('a', PROGRESS, { id, after });
  const events = (): Event[] =>
    client.received
      .filter(({ event }) => event === 'next')
      .map(({ data }) => data.payload!.data.erasureProgress);
  await client.until(({ event }) => event === 'complete' || events().length >= count);
  client.cut();
  return events();
};

describe.each<[string, number, Watch]>([
  ['a request', 11, request],
  ['a socket', 12, socket],
  ['a stream', 13, stream],
])('the progress of a deletion that is watched by %s', (_name, customer, watch) => {
  test('loses and repeats nothing, however often it is cut while the deletion runs', async () => {
    const id = await requestErasure(world.admin, world.id(customer));
    const seen: Event[] = [];
    let cuts = 0;
    while (seen.at(-1)?.action !== 'erasure.completed') {
      seen.push(...(await watch(id, seen.at(-1)?.sequence ?? 0, 3)));
      cuts++;
    }
    expect(cuts).toBeGreaterThan(4);
    expect(seen.map(({ sequence }) => sequence)).toEqual(seen.map((_, i) => i + 1));
    expect(seen.map(({ action }) => action)).toEqual(
      (await request(id, 0, Number.POSITIVE_INFINITY)).map(({ action }) => action),
    );
  });
});
