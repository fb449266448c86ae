import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchSandbox, registerPeople, type Sandbox } from '../src/commands/launch-sandbox.ts';
import { people } from '../src/sandbox/people.ts';
import { openStore } from '../src/store/store.ts';
import { startGatewayProcess, type GatewayProcess } from './crash/gateway-process.ts';
import { mintToken, tokenSettings } from './support/tokens.ts';

/** How much longer anybody may wait for an answer because of what somebody else has sent. */
const MOST_DELAY_MS = 100;
const EVERY_MS = 5;
/** Other work on the machine delays answers too, but not each time. */
const RUNS = 12;
const CALLERS = 20;

let sandbox: Sandbox;
let gateway: GatewayProcess;
let folder: string;
let attacker: string;
let callers: string[];
let calmMs: number;

beforeAll(async () => {
  const population = people(120);
  sandbox = await launchSandbox(0, population);
  folder = mkdtempSync(join(tmpdir(), 'customer-gateway-bombs-'));
  const store = await openStore({ folder });
  await registerPeople(store, population);
  await store.close();
  const { integrations } = sandbox;
  gateway = await startGatewayProcess({
    store: { folder },
    tokens: tokenSettings,
    integrations,
    crash: null,
  });
  attacker = await mintToken({ role: 'ADMIN', subject: 'attacker' });
  const subjects = Array.from({ length: CALLERS }, (_, i) => `caller ${i}`);
  callers = await Promise.all(subjects.map((subject) => mintToken({ role: 'ADMIN', subject })));
  for (let i = 0; i < 200; i++) await post(callers[i % CALLERS]!, PROBE);
  calmMs = await leastOf(() => longestWait(() => setTimeout(150)), 0);
});

afterAll(async () => {
  gateway?.kill();
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

const PROBE = JSON.stringify({ query: '{ viewer { subject } }' });

async function post(token: string, body: string | Uint8Array): Promise<number> {
  const response = await fetch(gateway.url!, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: body as BodyInit,
  });
  await response.arrayBuffer();
  return response.status;
}

/** The longest that callers wait for an answer while something goes on. */
async function longestWait(work: () => Promise<unknown>): Promise<number> {
  const waits: Promise<number>[] = [];
  const done = new AbortController();
  const asking = (async () => {
    while (!done.signal.aborted) {
      const asked = performance.now();
      waits.push(post(callers[waits.length % CALLERS]!, PROBE).then(() => performance.now() - asked));
      await setTimeout(EVERY_MS);
    }
  })();
  await setTimeout(2 * EVERY_MS);
  await work();
  done.abort();
  await asking;
  return Math.max(...(await Promise.all(waits)));
}

/** The least of some runs, which ends as soon as one is small enough. */
async function leastOf(run: (i: number) => Promise<number>, enough: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < RUNS && least > enough; i++) least = Math.min(least, await run(i));
  return least;
}

const times = (count: number, part: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => part(i)).join(' ');

const filled = (start: string, end: string, what: string, size = 260_000): string =>
  start + what.repeat(Math.floor((size - start.length - end.length) / what.length)) + end;

/** Documents, which are told apart by a comment so that none is known already. */
const DOCUMENTS: Record<string, string> = {
  'deep nesting': `{ ${'viewer { '.repeat(5_000)} role ${'} '.repeat(5_000)} }`,
  'nesting to the limit': `{ viewer { ${'... { '.repeat(300)} role ${'} '.repeat(300)} } }`,
  'overlapping fields': `{ ${times(9_000, () => 'viewer { role }')} }`,
  'overlapping fields to the limit': `{ ${times(54, () => 'node(id: "a") { id }')} }`,
  'overlapping fragments': `{ viewer { ${times(2_000, (i) => `...f${i}`)} } } ${times(2_000, (i) => `fragment f${i} on Viewer { role }`)}`,
  'overlapping fragments to the limit': `{ viewer { ${times(54, (i) => `...f${i}`)} } } ${times(54, (i) => `fragment f${i} on Viewer { role subject }`)}`,
  'fragments in fragments': `{ viewer { ...f0 } } ${times(58, (i) => `fragment f${i} on Viewer { role ...f${i + 1} ...f${i + 1} }`)} fragment f58 on Viewer { role }`,
  'fragments that spread each other': `{ viewer { ...f0 } } ${times(20, (i) => `fragment f${i} on Viewer { ${times(20, (k) => `...f${(i + k) % 20}`)} }`)}`,
  'wide fragments': `{ ${times(29, (i) => `a${i}: customers(first: 1) { ...F }`)} } fragment F on QueryCustomersConnection { edges { ${times(12, () => 'node { id name email createdAt }')} } }`,
  aliases: `{ ${times(9_000, (i) => `a${i}: viewer { role }`)} }`,
  'aliases to the limit': `{ ${times(30, (i) => `a${i}: integrations { id keys { kind } }`)} }`,
  __typename: `{ ${times(12_000, (i) => `a${i}: __typename`)} }`,
  directives: `{ viewer ${'@include(if: true) '.repeat(12_000)} { role } }`,
  'unknown directives': `{ viewer ${'@a '.repeat(30)} { role } }`,
  'many operations': times(6_000, (i) => `query q${i} { viewer { role } }`),
  'many variables': `query (${times(6_000, (i) => `$v${i}: Int`)}) { viewer { role } }`,
  'variables to the limit': `query (${times(195, (i) => `$v${i}: Int`)}) { viewer { role } }`,
  'unknown fields': `{ viewer { ${times(990, (i) => `subjekt${i}`)} } }`,
  'long unknown fields': `{ viewer { ${times(100, (i) => `${'subject'.repeat(70)}${i}`)} } }`,
  'a long list': `{ nodes(ids: [${times(60_000, () => '1')}]) { id } }`,
  blanks: filled('{ viewer { role }', '}', ' '),
  comments: filled('{ viewer { role }', '}', '#\n'),
  'block strings': filled('{ node(id: """', '""") { id } }', '\n x'),
  'unicode escapes': filled('{ node(id: "', '") { id } }', '\\u{1F600}', 200_000),
  'a big number': filled('{ customers(first: ', ') { edges { cursor } } }', '9'),
  'a long name': filled('{ viewer { ', '} }', 's'),
  introspection: `{ ${times(29, (i) => `a${i}: __schema { types { fields { type { fields { name } } } } }`)} }`,
  'the largest page': `{ customers(first: 100) { edges { node { ${times(20, (i) => `a${i}: name`)} id } } } }`,
  'the dearest page':
    '{ customers(first: 100) { edges { node { id name accounts { __typename ... on Account { externalId integration { id } } ... on AccountFailure { code } } } } } }',
  'pages in pages': '{ bulks(first: 30) { edges { node { items(first: 100) { edges { cursor } } } } } }',
};

const NODES = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
const FILTER = 'query ($filter: CustomerFilter) { customers(filter: $filter) { edges { cursor } } }';

/** Bodies that are bombs by something else than their document. */
const BODIES: Record<string, string | Uint8Array> = {
  'nested arrays in variables': `{"query":"${NODES}","variables":{"ids":${'['.repeat(130_000)}${']'.repeat(130_000)}}}`,
  'nested objects in variables': `{"query":"${FILTER}","variables":{"filter":${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}}}`,
  'huge lists in variables': `{"query":"${NODES}","variables":{"ids":[${'1,'.repeat(125_000)}1]}}`,
  'many small lists in variables': `{"query":"${NODES}","variables":{"ids":[${`[${'[],'.repeat(99)}[]],`.repeat(80)}1]}}`,
  'many keys in variables': `{"query":"${FILTER}","variables":{${times(20_000, (i) => `"k${i}":1,`)} "filter":null}}`,
  'a long string in variables': filled(
    `{"query":"${FILTER}","variables":{"filter":{"managerId":"`,
    '"}}}',
    'x',
  ),
  'a long e-mail address': filled(`{"query":"${FILTER}","variables":{"filter":{"email":"a@`, '"}}}', 'a.'),
  'a big number in variables': filled(`{"query":"${NODES}","variables":{"ids":[`, ']}}', '9'),
  'escapes in JSON': filled(`{"query":"${NODES}","variables":{"ids":["`, '"]}}', '\\ud83d'),
  'blanks in JSON': filled('{', '"query":"{ viewer { role } }"}', ' '),
  'no JSON': filled('[', '', '[{"a":'),
  'no UTF-8': new Uint8Array(260_000).fill(0xff),
  'too large a body': filled('{"query":"', '"}', 'a', 2_000_000),
};

test('calm is calm enough to measure by', () => {
  expect(calmMs).toBeLessThan(MOST_DELAY_MS);
});

const bombs: [string, (i: number) => string | Uint8Array][] = [
  ...Object.entries(DOCUMENTS).map(([name, query]): (typeof bombs)[number] => [
    name,
    (i) => JSON.stringify({ query: `${query} #${i}` }),
  ]),
  ...Object.entries(BODIES).map(([name, body]): (typeof bombs)[number] => [name, () => body]),
];

test.each(bombs)('%s', async (_name, bomb) => {
  const statuses: number[] = [];
  const wait = await leastOf(
    (i) => longestWait(async () => statuses.push(await post(attacker, bomb(i)))),
    calmMs + MOST_DELAY_MS,
  );
  expect(wait).toBeLessThanOrEqual(calmMs + MOST_DELAY_MS);
  expect(statuses.filter((status) => status >= 500)).toEqual([]);
});
