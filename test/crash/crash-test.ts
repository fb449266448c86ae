import { afterAll, describe, expect, test, vi } from 'vitest';
import type { Api } from '../support/api.ts';
import { checkErasure, type Cost } from './check-erasure.ts';
import { Deletion } from './deletion.ts';
import { readJournal, type Entry } from './journal.ts';
import { ATTEMPTS, type Scenario } from './scenarios.ts';
import type { Stores } from './stores.ts';

const DEADLINE_MS = 180_000;
const DEADLINE_MS_PER_DEATH = 60_000;
/** Starting a gateway keeps more than one processor busy. */
const AT_ONCE = 2;
const COSTS_NOTHING = { repeats: 0, inferred: 0 };

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

function finishedAttempts(entries: readonly Entry[]): string[] {
  const finished = entries.filter(({ action }) => action === 'attempt.finished');
  return finished.map(({ integrationId, details }) => `${integrationId} ${details.kind}`);
}

/** Runs scenarios on one kind of store. */
export function testScenarios(openStores: () => Promise<Stores>, scenarios: readonly Scenario[]): void {
  vi.setConfig({ maxConcurrency: AT_ONCE });
  const crashTest = testsOn(openStores);
  const total: Cost = { kills: 0, ...COSTS_NOTHING };
  const checked = async (deletion: Deletion, api: Api): Promise<Cost> => {
    const cost = await checkErasure(deletion, api);
    for (const item of ['kills', 'repeats', 'inferred'] as const) total[item] += cost[item];
    return cost;
  };
  afterAll(() => console.log(`kills and what they cost: ${JSON.stringify(total)}`));

  describe('a deletion completes after kill -9 at', { timeout: DEADLINE_MS, concurrent: true }, () => {
    crashTest('erasure.enqueued, before the request is answered', async ({ deletion }) => {
      await deletion.die({ at: 'erasure.enqueued', passing: 1 });
      expect(deletion.erasureId).toBeNull();
      const api = await deletion.survive();
      expect(await checked(deletion, api)).toEqual({ kills: 1, ...COSTS_NOTHING });
      const { entries } = await readJournal(api, deletion.customerId, deletion.erasureId!);
      expect(finishedAttempts(entries), 'the scenarios are made for these').toEqual(ATTEMPTS);
    });

    crashTest('erasure.finished', async ({ deletion }) => {
      await deletion.die({ at: 'erasure.finished', passing: 1 });
      expect(await checked(deletion, await deletion.survive())).toEqual({ kills: 1, ...COSTS_NOTHING });
    });

    for (const { name, deaths, liar, vendorsThinkMs, cost } of scenarios) {
      const timeout = DEADLINE_MS + deaths.length * DEADLINE_MS_PER_DEATH;
      crashTest(name, { timeout }, async ({ deletion }) => {
        if (vendorsThinkMs) await deletion.slowDown(vendorsThinkMs);
        if (liar) await deletion.lie(liar, deaths.length);
        for (const death of deaths) await deletion.die(death);
        expect(await checked(deletion, await deletion.survive())).toMatchObject({
          kills: deaths.length,
          ...cost,
        });
      });
    }
  });
}
