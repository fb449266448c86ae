import { createClient as createStreamClient, NetworkError } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { DELETE, PROGRESS } from '../support/documents.ts';
import { requestErasure } from '../support/erasures.ts';
import { mintToken } from '../support/tokens.ts';
import { startWorld, type World } from '../support/world.ts';

interface Event {
  sequence: number;
  action: string;
}

interface Request {
  query: string;
  variables: Record<string, unknown>;
}

interface Client {
  iterate(request: Request): AsyncIterableIterator<{ data?: unknown; errors?: unknown }>;
  dispose(): void | Promise<void>;
}

interface Options {
  token: () => Promise<string>;
  /** Cuts the connection that the client has, as a network does. */
  onCut?: (cut: () => void) => void;
}

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world.close());

const LIFETIME_S = 2;
const admin = (): Promise<string> => mintToken({ role: 'ADMIN' });
const soon = (): Promise<void> => Promise.resolve();

/** The client of the package graphql-ws. */
function bySocket({ token, onCut }: Options): Client {
  return createSocketClient({
    url: world.gateway.url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: async () => ({ Authorization: `Bearer ${await token()}` }),
    retryWait: soon,
    on: { opened: (socket) => onCut?.(() => (socket as WebSocket).terminate()) },
  });
}

/** The client of the package graphql-sse, in one of its modes. */
const byStream =
  (singleConnection: boolean) =>
  ({ token, onCut }: Options): Client =>
    createStreamClient({
      singleConnection,
      url: `${world.gateway.url}${singleConnection ? '/stream' : ''}`,
      headers: async () => ({ authorization: `Bearer ${await token()}` }),
      retry: soon,
      fetchFn: async (url: string, { signal, ...init }: RequestInit) => {
        const cut = new AbortController();
        const response = await fetch(url, { ...init, signal: AbortSignal.any([cut.signal, signal!]) });
        if (response.headers.get('content-type')?.startsWith('text/event-stream')) onCut?.(() => cut.abort());
        return response;
      },
    });

async function one(client: Client, query: string, variables: Record<string, unknown> = {}) {
  const results = [];
  for await (const result of client.iterate({ query, variables })) results.push(result);
  expect(results).toHaveLength(1);
  // oxlint-disable-next-line typescript/no-explicit-any -- a test reads whatever its own operation asked for
  return results[0] as { data: any; errors?: unknown };
}

/** Follows an erasure to its end, however often the connection is cut or the token ends on the way. */
async function follow(client: Client, id: string, seen: (event: Event) => void): Promise<void> {
  // The clients send the operation anew when they are back: `after` has to be where they were.
  const variables = { id, after: 0 };
  for (let ended = false; !ended;) {
    try {
      for await (const { data } of client.iterate({ query: PROGRESS, variables })) {
        const { erasureProgress: event } = data as { erasureProgress: Event };
        variables.after = event.sequence;
        seen(event);
        ended = event.action === 'erasure.completed';
      }
    } catch (error) {
      // graphql-sse gives up when it is cut while it has events that nobody has taken yet.
      if (!(error instanceof Error && error.name === 'AbortError')) throw error;
    }
  }
}

describe.each([
  ['graphql-ws', 11, bySocket],
  ['graphql-sse with distinct connections', 12, byStream(false)],
  ['graphql-sse with a single connection', 13, byStream(true)],
])('the client of %s', (_name, customer, connect) => {
  test('asks, changes, and is told what it may not', async () => {
    const client = connect({ token: () => mintToken({ role: 'RESALE', manager: 'glacier' }) });
    const { data } = await one(client, '{ viewer { role manager { id } } }');
    expect(data).toEqual({ viewer: { role: 'RESALE', manager: { id: 'glacier' } } });
    const foreign = world.people.find(({ manager }) => manager === 'meadow')!;
    const input = { customerId: world.id(foreign.number), reason: 'a test' };
    const refused = await one(client, DELETE, { input });
    expect(refused.data.deleteCustomer.__typename).toBe('CustomerNotFoundError');
    await client.dispose();
  });

  test('watches a deletion to its end over connections that are cut, and misses and repeats nothing', async () => {
    let cut = (): void => {};
    let cuts = 0;
    const client = connect({ token: admin, onCut: (act) => (cut = act) });
    const id = await requestErasure(world.admin, world.id(customer));
    const seen: Event[] = [];
    await follow(client, id, (event) => {
      seen.push(event);
      if (seen.length % 4 !== 0) return;
      cut();
      cuts++;
    });
    expect(cuts).toBeGreaterThan(3);
    expect(seen.map(({ sequence }) => sequence)).toEqual(seen.map((_, i) => i + 1));
    expect(seen.at(-1)!.action).toBe('erasure.completed');
    await client.dispose();
  });
});

describe('when its token has expired', () => {
  test.each([
    ['graphql-ws', 21, bySocket],
    ['graphql-sse with a single connection', 22, byStream(true)],
  ])('the client of %s goes on with the next', async (_name, customer, connect) => {
    await world.admin.data('mutation { pauseErasures(input: { reason: "a test" }) { __typename } }');
    const id = await requestErasure(world.admin, world.id(customer));
    let tokens = 0;
    const client = connect({
      token: () => mintToken({ role: 'ADMIN', expiresIn: tokens++ === 0 ? LIFETIME_S : 600 }),
    });
    const seen: Event[] = [];
    const resumed = setTimeout(
      () => void world.admin.data('mutation { resumeErasures(input: { reason: "a test" }) { __typename } }'),
      LIFETIME_S * 1_000 + 500,
    );
    await follow(client, id, (event) => void seen.push(event));
    clearTimeout(resumed);
    expect(tokens).toBeGreaterThan(1);
    expect(seen.map(({ sequence }) => sequence)).toEqual(seen.map((_, i) => i + 1));
    expect(seen.at(-1)!.action).toBe('erasure.completed');
    await client.dispose();
  });
});

describe('a client without a valid token', () => {
  test('of graphql-ws is closed', async () => {
    const client = createSocketClient({
      url: world.gateway.url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
    await expect(client.iterate({ query: '{ viewer { role } }' }).next()).rejects.toMatchObject({
      code: 4401,
    });
  });

  test.each([true, false])(
    'of graphql-sse is answered 401 (single connection: %s)',
    async (singleConnection) => {
      const client = createStreamClient({
        singleConnection,
        url: `${world.gateway.url}${singleConnection ? '/stream' : ''}`,
        retryAttempts: 0,
      });
      const error = await client
        .iterate({ query: '{ viewer { role } }' })
        .next()
        .catch((error: unknown) => error);
      expect(error).toBeInstanceOf(NetworkError);
      expect((error as NetworkError<Response>).response?.status).toBe(401);
      client.dispose();
    },
  );
});
