import { expect } from 'vitest';
import { parse, validate } from 'graphql';
import { schema } from '../../src/graphql/schema.ts';
import { ROUTER_TOKEN } from '../support/gateway-options.ts';
import type { World } from '../support/world.ts';
import { RandomOperation } from './operation.ts';

const AT_ONCE = 4;
const MOST_IDS = 300;

/** Numbers that look random and are the same in each run (Park and Miller, CACM 31, 1988). */
export function chooser(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

/** What looks like an id in an answer. */
const idsIn = (text: string): string[] => text.match(/(?<=")[A-Za-z0-9_-]{44,80}(?=")/g) ?? [];

/** Sends so many random operations as ADMIN; none may be invalid, and none may end in an error of the gateway's own. */
export async function sendRandomOperations(world: World, count: number): Promise<Record<string, number>> {
  const choose = chooser(20_261_122);
  const ids = Array.from({ length: 40 }, (_, index) => world.id(index + 1));
  const codes: Record<string, number> = {};
  const internal: string[] = [];
  let left = count;
  const router = world.admin.through(ROUTER_TOKEN);
  const work = async (): Promise<void> => {
    while (left-- > 0) {
      const operation = new RandomOperation(schema, choose, ids);
      const document = choose(3) === 0 ? operation.mutation() : operation.query();
      expect(validate(schema, parse(document)), document).toEqual([]);
      const { data, errors } = await router.send(document);
      for (const id of idsIn(JSON.stringify(data ?? null)))
        if (ids.length < MOST_IDS && !ids.includes(id)) ids.push(id);
      for (const { extensions, message } of errors) {
        const code = (extensions?.['code'] ?? 'NONE') as string;
        codes[code] = (codes[code] ?? 0) + 1;
        if (['NONE', 'INTERNAL_SERVER_ERROR', 'GRAPHQL_VALIDATION_FAILED'].includes(code))
          internal.push(`${message} ${document}`);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  expect(internal).toEqual([]);
  return codes;
}
