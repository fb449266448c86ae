import { expect } from 'vitest';
import { patiently, type Bench } from '../bench.ts';
import { outcomeOf } from '../outcome.ts';
import type { Requirement } from '../requirement.ts';

const MOST_PAGES = 1_000;

const UNREADABLE: readonly [status: number, text: string][] = [
  [503, ''],
  [404, ''],
  [404, '{"error":"Not Found","status":404}'],
  [200, ''],
  [200, 'null'],
  [200, '{}'],
  [200, '<html>'],
];

function listOf(bench: Bench) {
  const integration = bench.open();
  if (!integration.list) throw new Error('there is no list');
  return integration.list.bind(integration);
}

/** Reading all accounts, page by page. */
export const listing: readonly Requirement[] = [
  {
    id: 'D4E2',
    name: 'MUST list every account once, over several pages, and then end',
    async check(bench) {
      const list = listOf(bench);
      const ids: string[] = [];
      let cursor: string | null = null;
      let pages = 0;
      do {
        const page = await list(cursor, patiently());
        ids.push(...page.accounts.map(({ externalId }) => externalId));
        cursor = page.next;
      } while (++pages < MOST_PAGES && cursor !== null);
      expect(cursor).toBeNull();
      expect(pages).toBeGreaterThan(1);
      expect(ids.toSorted()).toEqual(await bench.held());
    },
  },
  {
    id: 'A98E',
    name: 'MUST NOT read a page that could not be read as an empty one',
    async check(bench) {
      const list = listOf(bench);
      await list(null, patiently());
      for (const [status, text] of UNREADABLE) {
        await bench.vendor.fault({ kind: 'STATUS', status, text, ...bench.profile.requests.find });
        expect({ status, text, ...(await outcomeOf(list(null, patiently()))) }).toHaveProperty('error');
      }
    },
  },
  {
    id: '71C9',
    name: 'MUST NOT give back the cursor that it was given',
    async check(bench) {
      const list = listOf(bench);
      const { next } = await list(null, patiently());
      const { body, headers = {} } = bench.profile.pageThatLeadsTo!(next!);
      await bench.vendor.fault({
        kind: 'STATUS',
        status: 200,
        body,
        headers,
        ...bench.profile.requests.find,
      });
      const { value } = await outcomeOf(list(next, patiently()));
      expect(value?.next).not.toBe(next);
    },
  },
  {
    id: 'E63B',
    name: 'MUST NOT read a cursor of another form as the end of the list',
    async check(bench) {
      const list = listOf(bench);
      for (const cursor of ['not a cursor', '-1', '1e999', 'NaN', '../2']) {
        expect(await outcomeOf(list(cursor, patiently()))).toMatchObject({ code: 'INVALID' });
      }
    },
  },
];
