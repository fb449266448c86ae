import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { postExport } from '../support/exports.ts';
import type { Combination } from './combinations.ts';
import { DOORS } from './doors.ts';
import { Judge } from './judge.ts';
import { mayRead, PLACES, reaches } from './oracle.ts';
import { setStage, type Stage } from './stage.ts';
import { MANAGER } from './things.ts';
import { CALLERS } from './viewers.ts';

/** What changes by itself, and by each request or attempt that was refused. */
const BY_ITSELF = /^(audit|webhook)_|^caller_limit$|^kysely/;

/** A hash of each table. */
async function tablesOf({ world }: Stage): Promise<Record<string, string>> {
  const { pool } = world.gateway.store;
  const { rows } = await pool.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  const names = rows.map(({ name }) => name).filter((name) => !BY_ITSELF.test(name));
  const hashes = names.map(async (name) => {
    const hash = await pool.query<{ hash: string }>(
      `select md5(coalesce(string_agg(t::text, ',' order by t::text), '')) as hash from "${name}" t`,
    );
    return [name, hash.rows[0]!.hash] as const;
  });
  return Object.fromEntries(await Promise.all(hashes));
}

/** The matrix of who may see and do what, at every way in: judged by the oracle, and by what providers were asked. */
export function testMatrix(
  combine: (judge: Judge) => Combination[],
  thorough: boolean,
  timeout: number,
): void {
  let stage: Stage;
  let judge: Judge;
  let combinations: Combination[];

  beforeAll(async () => {
    stage = await setStage();
    judge = new Judge(stage, thorough);
    combinations = combine(judge);
  });

  afterAll(async () => {
    console.log(`the matrix: ${judge.judged} cells judged in ${judge.requests} requests`);
    await stage.close();
  });

  const vendors = () => Object.values(stage.world.vendors);

  async function judgeAll(some: readonly Combination[]): Promise<void> {
    for (const { caller, door, place } of some) await judge.judge(caller, door, place);
    expect(judge.wrong).toEqual([]);
  }

  test('knows every way in', () => {
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
    const fields = roots.flatMap((type) =>
      Object.keys(type!.getFields()).map((field) => `${type!.name}.${field}`),
    );
    expect([...new Set(DOORS.map(({ root, field }) => `${root}.${field}`))].toSorted()).toEqual(
      fields.toSorted(),
    );
  });

  describe('whoever may not', () => {
    test(
      'is refused, or told what is told of the unknown; nothing is changed, and no provider is asked',
      async () => {
        for (const vendor of vendors()) await vendor.forget();
        const before = await tablesOf(stage);
        await judgeAll(combinations.filter(({ stands }) => stands !== 'let in'));
        expect(await tablesOf(stage)).toEqual(before);
        for (const vendor of vendors()) expect(await vendor.ledger()).toEqual([]);
      },
      timeout,
    );

    test('exports nothing over HTTP either', async () => {
      for (const { name, asker, badToken } of CALLERS)
        for (const place of PLACES.filter((one) => thorough || one === 'sibling' || one === 'unknown')) {
          if (asker && mayRead(asker, 'Mutation', 'exportCustomer') && reaches(asker.role, place)) continue;
          const body = { customerId: stage.at[place].customerId, reason: 'a good reason' };
          const claims = asker && { ...asker, manager: MANAGER };
          const init = badToken ? { headers: { authorization: 'Bearer not.a.token' } } : {};
          const response = await postExport(stage.world.gateway.url, claims, body, init);
          const may = asker && mayRead(asker, 'Mutation', 'exportCustomer');
          expect([name, place, response.status]).toEqual([name, place, asker ? (may ? 404 : 403) : 401]);
          if (may) expect(await response.text()).toContain('There is no such customer.');
        }
      for (const vendor of vendors()) expect(await vendor.ledger()).toEqual([]);
    });
  });

  describe('whoever may', () => {
    const letIn = (wanted: (root: string) => boolean): Combination[] =>
      combinations.filter(({ door, stands }) => stands === 'let in' && wanted(door.root));

    test(
      'is shown all that the oracle says, and nothing else',
      () => judgeAll(letIn((root) => root !== 'Mutation')),
      timeout,
    );

    test(
      'changes things, and is shown of them what the oracle says',
      async () => {
        await judgeAll(letIn((root) => root === 'Mutation'));
        expect(judge.shown.size).toBeGreaterThan(300);
      },
      timeout,
    );
  });
}
