import { afterAll, beforeAll, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { mintToken, type TokenClaims } from '../support/tokens.ts';
import { startWorld, type World } from '../support/world.ts';
import { RandomOperation } from './operation.ts';
import { chooser } from './operations.ts';

const COMPILE_AFTER = 2;
const QUERIES = 250;

const CALLERS: readonly TokenClaims[] = [
  { role: 'ADMIN' },
  { role: 'RESALE', manager: 'glacier' },
  { role: 'MASTER', scopes: ['customers:read'] },
];

let world: World;

beforeAll(async () => {
  world = await startWorld({ compileAfter: COMPILE_AFTER });
});

afterAll(() => world.close());

interface Answer {
  /** Letter by letter, but for the errors. */
  rest: string;
  errors: string[];
  data: unknown;
}

async function answerTo(query: string, token: string): Promise<Answer> {
  const response = await fetch(world.gateway.url, {
    method: 'POST',
    headers: {
      accept: 'application/graphql-response+json',
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ query }),
  });
  const text = (await response.text()).replace(/"requestId":"[^"]+"/g, '');
  const { errors = [], ...rest } = JSON.parse(text) as { errors?: object[]; data: unknown };
  const order = Object.keys(JSON.parse(text) as object).join();
  return {
    rest: `${response.status} ${response.headers.get('content-type')} ${order} ${JSON.stringify(rest)}`,
    errors: errors.map((error) => JSON.stringify(error)).toSorted(),
    data: rest.data,
  };
}

test('a compiled query is answered letter by letter as it was before, its errors in any order', async () => {
  const choose = chooser(20_261_122);
  const ids = Array.from({ length: 40 }, (_, i) => world.id(i + 1));
  const tokens = await Promise.all(CALLERS.map(mintToken));
  let compared = 0;
  for (let i = 0; i < QUERIES; i++) {
    const query = new RandomOperation(schema, choose, ids).query();
    const token = tokens[i % tokens.length]!;
    const first = await answerTo(query, token);
    const second = await answerTo(query, token);
    const compiled = await answerTo(query, token);
    if (JSON.stringify(first) !== JSON.stringify(second)) continue; // it tells the time, or is another each time
    compared++;
    expect(compiled.rest, query).toBe(second.rest);
    // Where an error has taken all data with it, which of them are told is left open (GraphQL, section 6.4.4).
    if (second.data === null) expect(compiled.errors, query).not.toEqual([]);
    else expect(compiled.errors, query).toEqual(second.errors);
  }
  console.log('compiled queries that were compared:', compared);
  expect(compared).toBeGreaterThan(QUERIES / 2);
}, 120_000);
