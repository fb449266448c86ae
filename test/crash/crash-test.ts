import { afterAll, describe, expect, test } from 'vitest';
import { checkErasure, type Cost } from './check-erasure.ts';
import { Deletion } from './deletion.ts';
import { readJournal } from './journal.ts';
import { ATTEMPTS, type Scenario } from './scenarios.ts';
import type { Stores } from './stores.ts';

const DEADLINE_MS = 120_000;

/** Tests of deletions that are killed, each with a world of its own. */
function testsOn(openStores: () => Promise<Stores>) {
  return test.extend<{ $file: { stores: Stores }; $test: { deletion: Deletion } }>({
    stores: [
      // oxlint-disable-next-line no-empty-pattern -- vitest reads from the pattern what a fixture needs
      async ({}, use) => {
        const stores = await openStores();
        await use(stores);
        await stores.close();
      },
      { scope: 'file' },
    ],
    deletion: async ({ stores }, use) => {
      const deletion = await Deletion.prepare(stores);
      await use(deletion);
      await deletion.end();
    },
  });
}

/** Runs scenarios on one kind of store. */
export function testScenarios(openStores: () => Promise<Stores>, scenarios: readonly Scenario[]): void {
  const crashTest = testsOn(openStores);
  const total: Cost = { kills: 0, repeats: 0, inferred: 0 };
  afterAll(() => console.log(`${JSON.stringify(total)} in ${scenarios.length} scenarios`));

  crashTest('a deletion that nothing disturbs', { timeout: DEADLINE_MS }, async ({ deletion }) => {
    const api = await deletion.survive();
    expect(await checkErasure(deletion, api)).toEqual({ kills: 0, repeats: 0, inferred: 0 });
    const { entries } = await readJournal(api, deletion.customerId, deletion.erasureId!);
    const finished = entries.filter(({ action }) => action === 'attempt.finished');
    const attempts = finished.map(({ integrationId, details }) => {
      const { kind } = JSON.parse(details) as { kind: string };
      return `${integrationId} ${kind}`;
    });
    expect(attempts, 'the scenarios are made for these attempts').toEqual(ATTEMPTS);
  });

  describe('a deletion completes after kill -9 at', { timeout: DEADLINE_MS, concurrent: true }, () => {
    crashTest.for(scenarios)('$name', async ({ deaths, liar, cost }, { deletion }) => {
      if (liar) await deletion.lie(liar, deaths.length);
      for (const death of deaths) await deletion.die(death);
      const paid = await checkErasure(deletion, await deletion.survive());
      expect(paid).toMatchObject({ kills: deaths.length, ...cost });
      for (const item of ['kills', 'repeats', 'inferred'] as const) total[item] += paid[item];
    });
  });
}
