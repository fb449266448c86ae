import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { mintToken } from './support/tokens.ts';
import { startWorld, type World } from './support/world.ts';

const FAST = '["particle", "engagelab", "vpn", "onelogin"]';
const DEFERRED = `query ($id: ID!) {
  customer(id: $id) {
    id
    fast: accounts(integrationIds: ${FAST}) { __typename }
    ... @defer(label: "slow") { slow: accounts(integrationIds: ["learn"]) { __typename } }
  }
}`;
/** Longer than anything in the first part takes, and shorter than the deadline of a request. */
const SLOW_MS = 3_000;

interface Part {
  data?: Record<string, unknown>;
  incremental?: { path: unknown; label?: string; data: unknown; errors?: object[] }[];
  hasNext?: boolean;
  /** Since the request was sent. */
  afterMs: number;
}

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world.close());

afterEach(async () => {
  await world.vendors.learn.fault();
});

async function post(query: string, variables: object, accept = 'multipart/mixed'): Promise<Response> {
  const authorization = `Bearer ${await mintToken({ role: 'ADMIN' })}`;
  return fetch(world.gateway.url, {
    method: 'POST',
    headers: { accept, authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
}

/** The parts of an answer (RFC 2046, section 5.1), as they come. */
async function partsOf(query: string, variables: object): Promise<Part[]> {
  const began = performance.now();
  const response = await post(query, variables);
  expect(response.headers.get('content-type')).toContain('multipart/mixed');
  expect(response.headers.get('cache-control')).toBe('no-store');
  const parts: Part[] = [];
  let rest = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split('\r\n---');
    rest = blocks.pop()!;
    for (const block of blocks) {
      const json = block.split('\r\n\r\n')[1];
      if (json) parts.push({ ...(JSON.parse(json) as object), afterMs: performance.now() - began });
    }
  }
  return parts;
}

describe('a deferred part of a query', () => {
  test('follows when its provider has answered, and holds nothing else back', async () => {
    await world.vendors.learn.fault({ kind: 'LATENCY', ms: SLOW_MS });
    const [first, ...others] = await partsOf(DEFERRED, { id: world.id(1) });
    const last = others.at(-1)!;
    expect(first).toMatchObject({ hasNext: true, data: { customer: { id: world.id(1) } } });
    expect((first!.data as { customer: { fast: unknown[] } }).customer.fast).toHaveLength(4);
    expect(first!.afterMs).toBeLessThan(SLOW_MS);
    expect(last.afterMs).toBeGreaterThanOrEqual(SLOW_MS);
    expect(others.flatMap(({ incremental = [] }) => incremental)).toEqual([
      { label: 'slow', path: ['customer'], data: { slow: [{ __typename: 'LearnAccount' }] } },
    ]);
  });

  test('is in the one answer when the client says so', async () => {
    const query = DEFERRED.replace('@defer(', '@defer(if: false, ');
    const { customer } = await world.admin.data(query, { id: world.id(1) });
    expect(customer.slow).toEqual([{ __typename: 'LearnAccount' }]);
  });

  test('is refused where the client takes one answer only', async () => {
    expect((await post(DEFERRED, { id: world.id(1) }, 'application/json')).status).toBe(406);
  });

  test('has its errors masked', async () => {
    await world.gateway.store.pool.query('alter table hold rename to hold_elsewhere');
    const parts = await partsOf('query ($id: ID!) { customer(id: $id) { id ... @defer { holds { id } } } }', {
      id: world.id(1),
    }).finally(() => world.gateway.store.pool.query('alter table hold_elsewhere rename to hold'));
    const errors = parts.flatMap(({ incremental = [] }) => incremental).flatMap((one) => one.errors ?? []);
    expect(errors).toMatchObject([
      {
        message: 'Unexpected error.',
        extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: expect.any(String) },
      },
    ]);
    expect(JSON.stringify(parts)).not.toContain('hold_elsewhere');
  });

  test('costs as much as any other', async () => {
    const accounts = 'nodes { accounts { __typename } }'.replace('nodes', 'edges { node');
    const list = (part: string) => `{ customers(first: 100) { ${part} } }`;
    const together = Array.from({ length: 11 }, (_, i) => `a${i}: customers(first: 100) { ...A @defer }`);
    const query = `{ ${together.join(' ')} } fragment A on QueryCustomersConnection { ${accounts} } }`;
    expect((await world.admin.send(list(`${accounts} }`))).errors).toEqual([]);
    expect((await world.admin.send(query)).errors[0]).toMatchObject({
      extensions: { code: 'DOCUMENT_TOO_LARGE' },
    });
  });

  test.each([
    [
      'a mutation',
      'mutation { ...M @defer } fragment M on Mutation { pauseErasures(input: { reason: "x" }) { __typename } }',
    ],
    [
      'what a mutation answers',
      'mutation { pauseErasures(input: { reason: "x" }) { ... @defer { __typename } } }',
    ],
    ['a subscription', 'subscription { erasureProgress(erasureId: "x") { ... @defer { at } } }'],
  ])('is not for %s', async (_name, query) => {
    const { data, errors } = await world.admin.send(query);
    expect(data).toBeNull();
    expect(errors[0]).toMatchObject({
      message: expect.stringContaining('@defer'),
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    });
  });
});
