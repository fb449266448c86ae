import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mintToken } from '../support/tokens.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let token: string;

// Some audits ask for `__type`.
beforeAll(async () => {
  world = await startWorld({ graphiql: { tabs: [], tokens: [] } });
  token = await mintToken({ role: 'ADMIN' });
});

afterAll(() => world.close());

const IN_A_URL =
  'A document in a URL is kept by logs and histories, and a page of any site can have it sent.';

/** What the gateway does not do, and why. None of it is a MUST or a SHOULD. */
const REFUSED: Readonly<Record<string, string>> = { '5A70': IN_A_URL, D6D5: IN_A_URL, '6A70': IN_A_URL };

const audits = serverAudits({
  url: () => world.gateway.url,
  fetchFn: (url: string, init: RequestInit = {}) =>
    fetch(url, { ...init, headers: { ...(init.headers as object), authorization: `Bearer ${token}` } }),
});
const passed: string[] = [];

describe('GraphQL over HTTP', () => {
  test.each(audits.filter(({ id }) => !(id in REFUSED)))('$id $name', async ({ id, fn }) => {
    expect(await fn()).toMatchObject({ status: 'ok' });
    passed.push(id);
  });

  test.each(audits.filter(({ id }) => id in REFUSED))('$id $name: refused', async ({ id, name, fn }) => {
    const result = await fn();
    if (result.status === 'ok') throw new Error(`${id} passes: it is no exception any more`);
    expect(name).toMatch(/^MAY /);
    expect(result.response.status).toBe(405);
    expect(await result.response.json()).toEqual({
      errors: [{ message: 'Use POST.', extensions: { code: 'METHOD_NOT_ALLOWED' } }],
    });
  });

  test('every audit was made', () => {
    console.log(`GraphQL over HTTP: ${passed.length} of ${audits.length} audits passed`);
    expect(passed.length).toBe(audits.length - Object.keys(REFUSED).length);
    expect(audits.length).toBe(61);
  });
});
