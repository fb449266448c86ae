import { connect } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mintToken } from '../support/tokens.ts';
import { startWorld, type World } from '../support/world.ts';

/** So long the gateway may take to see that a client has gone. */
const PATIENCE_MS = 200;

let world: World;
const logged: { level: number; msg?: string }[] = [];

beforeAll(async () => {
  const write = (line: string): void => void logged.push(JSON.parse(line) as (typeof logged)[number]);
  world = await startWorld({ log: pino({ level: 'trace' }, { write }) });
});

afterAll(() => world.close());

test('a client that goes in the middle of its request is no fault of the gateway', async () => {
  const { hostname, port } = new URL(world.gateway.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const head = [
    'POST /graphql HTTP/1.1',
    `host: ${hostname}:${port}`,
    `authorization: Bearer ${await mintToken({ role: 'ADMIN' })}`,
    'content-type: application/json',
    'content-length: 100',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n{"query": "{ `);
  await sleep(PATIENCE_MS);
  socket.destroy();
  await sleep(PATIENCE_MS);
  expect(logged.filter(({ level }) => level >= pino.levels.values['warn']!)).toEqual([]);
  expect(await world.admin.data('{ __typename }')).toEqual({ __typename: 'Query' });
});
