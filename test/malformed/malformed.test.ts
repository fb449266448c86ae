import { connect } from 'node:net';
import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mintToken } from '../support/tokens.ts';
import { startWorld, type World } from '../support/world.ts';
import { requests } from './bytes.ts';
import { posts } from './json.ts';

const LEAST = 9_000;
const MUTATIONS = 2_000;
const AT_ONCE = 32;
/** So long nothing more comes of a request that is not whole. */
const PATIENCE_MS = 100;

/** A place in a source file, or a class of errors that only code throws. */
const STACK = /\bat .*\.(js|ts):\d+|node_modules|node:internal|TypeError|RangeError/;

let world: World;
let token: string;
const logged: string[] = [];

beforeAll(async () => {
  const log = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) });
  world = await startWorld({ log });
  token = await mintToken({ role: 'ADMIN' });
});

afterAll(() => world.close());

interface Answer {
  of: string;
  status: number;
  text: string;
}

/** Does something with each item, several at a time. */
async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = items.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const item of left) await work(item);
    }),
  );
}

const isBad = ({ status, text }: Answer): boolean => status >= 500 || STACK.test(text);

async function post(body: string): Promise<Omit<Answer, 'of'>> {
  const response = await fetch(world.gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body,
  });
  return { status: response.status, text: await response.text() };
}

/** The answer to bytes; status 0 when there is none. */
function send(bytes: Buffer): Promise<Omit<Answer, 'of'>> {
  const { hostname, port } = new URL(world.gateway.url);
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.setTimeout(PATIENCE_MS, () => socket.destroy()).on('error', () => {});
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    socket.once('close', () => resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text }));
  });
}

test(`of at least ${LEAST} malformed requests none is answered with 5xx or a stack trace, and none ends the gateway`, async () => {
  const bad: Answer[] = [];
  const statuses: Record<number, number> = {};
  const judge = (answer: Answer): void => {
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
    if (isBad(answer)) bad.push(answer);
  };
  const [json, bytes] = [posts(), requests(MUTATIONS)];
  await each(json, async ({ name, body }) => judge({ of: name, ...(await post(body)) }));
  await each(bytes, async (one) => judge({ of: one.toString('latin1').slice(0, 200), ...(await send(one)) }));
  console.log(
    'malformed requests and their answers:',
    JSON.stringify({ sent: json.length + bytes.length, statuses }),
  );
  expect(json.length + bytes.length).toBeGreaterThanOrEqual(LEAST);
  expect(bad).toEqual([]);
  expect(logged.filter((line) => !/^\{[^\p{Cc}]*\}\n$/u.test(line))).toEqual([]);
  expect((await world.admin.data('{ viewer { role } }')).viewer.role).toBe('ADMIN');
}, 180_000);
