import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { untilTokenEnds } from '../src/graphql/until-token-ends.ts';
import { PROGRESS } from './support/documents.ts';
import { requestErasure } from './support/erasures.ts';
import { mintToken, tokenSettings } from './support/tokens.ts';
import { startWorld, type World } from './support/world.ts';

const LIFETIME_S = 2;
const DAY_S = 86_400;
const IMPORT_PROGRESS = 'subscription ($id: ID!) { importProgress(importId: $id) { state } }';

let world: World;
/** An erasure and an import that stay open: the one is halted, the other's provider never answers. */
let erasureId: string;
let importId: string;

const turn = (mutation: 'pauseErasures' | 'resumeErasures'): Promise<unknown> =>
  world.admin.data(`mutation { ${mutation}(input: { reason: "a test" }) { __typename } }`);

beforeAll(async () => {
  world = await startWorld({ tokens: { ...tokenSettings, maxAgeSeconds: 90 * DAY_S } });
  await turn('pauseErasures');
  erasureId = await requestErasure(world.admin, world.id(1));
  await world.vendors.onelogin.fault({ kind: 'HANG', method: 'GET' });
  const { importCustomers } = await world.admin.data(
    `mutation { importCustomers(input: { integrationId: "onelogin" }) {
      ... on ImportCustomersPayload { import { id } } } }`,
  );
  importId = importCustomers.import.id;
});

afterAll(() => world.close());

/** Opens a stream as the server sends it. */
async function open(query: string, id: string, expiresIn: number, signal?: AbortSignal): Promise<Response> {
  const headers = {
    accept: 'text/event-stream',
    'content-type': 'application/json',
    authorization: `Bearer ${await mintToken({ role: 'ADMIN', expiresIn })}`,
  };
  const body = JSON.stringify({ query, variables: { id } });
  return fetch(world.gateway.url, { method: 'POST', headers, body, ...(signal && { signal }) });
}

describe('a stream', () => {
  test.each([
    ['erasureProgress', PROGRESS, () => erasureId],
    ['importProgress', IMPORT_PROGRESS, () => importId],
  ])('of %s ends with the token that it was opened with', async (_name, query, idOf) => {
    const expiresAt = (Math.floor(Date.now() / 1000) + LIFETIME_S) * 1000;
    const text = await (await open(query, idOf(), LIFETIME_S)).text();
    const late = Date.now() - expiresAt;
    expect(text).toContain('event: next');
    expect(text.trimEnd()).toMatch(/event: complete(\ndata:)?$/);
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(1_000);
  });

  test('leaves no timer behind when its client goes away before', async () => {
    const lifetimes = [700, 1_234].map((seconds) => seconds * 1000);
    const isOfStream = (delay = 0): boolean => lifetimes.some((ms) => delay > ms - 5_000 && delay <= ms);
    const set = vi.spyOn(globalThis, 'setTimeout');
    const cleared = vi.spyOn(globalThis, 'clearTimeout');
    for (const ms of lifetimes) {
      const client = new AbortController();
      const response = await open(PROGRESS, erasureId, ms / 1000, client.signal);
      await response.body!.getReader().read();
      client.abort();
    }
    const timers = set.mock.results.filter((_, i) => isOfStream(set.mock.calls[i]![1]));
    expect(timers).toHaveLength(lifetimes.length);
    await vi.waitFor(() => {
      const gone = new Set(cleared.mock.calls.map(([timer]) => timer));
      expect(timers.filter(({ value }) => !gone.has(value as NodeJS.Timeout))).toEqual([]);
    });
    set.mockRestore();
    cleared.mockRestore();
  });

  test('of a token that outlives the longest timer goes on to the end of the erasure', async () => {
    const response = await open(PROGRESS, erasureId, 60 * DAY_S);
    await world.vendors.onelogin.fault();
    await turn('resumeErasures');
    expect(await response.text()).toContain('erasure.completed');
  });

  test('brings nothing after the token, though its source goes on', async () => {
    const end = new AbortController();
    const expiresAt = new Date(Date.now() + 100);
    const endless = (async function* () {
      for (;;) yield await new Promise((resolve) => setTimeout(resolve, 10));
    })();
    const ends = (act: () => void): (() => void) => {
      const timer = setTimeout(act, 100);
      return () => clearTimeout(timer);
    };
    for await (const _event of untilTokenEnds(endless, ends, end))
      expect(Date.now()).toBeLessThan(expiresAt.getTime() + 1_000);
    expect(end.signal.aborted).toBe(true);
  });
});
