import { expect } from 'vitest';
import type { Api } from '../support/api.ts';
import { payloadOf, receiptOf } from '../support/receipts.ts';
import { checkAttempts, checkCalls, checkEnd, checkExplained } from './check-task.ts';
import type { Deletion } from './deletion.ts';
import { holdingsOf, isGone } from './holdings.ts';
import { readJournal, type Journal } from './journal.ts';
import { ownPaths } from './own-paths.ts';

/** What the kills cost. */
export interface Cost {
  kills: number;
  /** Calls that were sent again. */
  repeats: number;
  /** Outcomes that a look had to find out, because the answer was lost. */
  inferred: number;
}

const ONCE = ['erasure.requested', 'erasure.running', 'erasure.irreversible', 'erasure.completed'];

function checkLog({ erasure, entries }: Journal, { heard, kills }: Deletion): void {
  const numbers = entries.map(({ sequence }) => sequence);
  expect(numbers).toEqual(Array.from({ length: erasure.sequence }, (_, index) => index + 1));
  expect(heard).toEqual(numbers);
  const times = (wanted: string): number => entries.filter(({ action }) => action === wanted).length;
  expect(ONCE.map((action) => [action, times(action)])).toEqual(ONCE.map((action) => [action, 1]));
  expect(times('attempt.interrupted')).toBeLessThanOrEqual(kills);
}

/** Checks a deletion that has ended by all that can be seen of it, whatever was killed on the way. */
export async function checkErasure(deletion: Deletion, api: Api): Promise<Cost> {
  const { vendors, person, kills, customerId, erasureId } = deletion;
  const journal = await readJournal(api, customerId, erasureId!);
  const { erasure, entries } = journal;
  expect(erasure.state).toBe('COMPLETED');
  expect(erasure.irreversibleAt).not.toBeNull();
  expect(erasure.customer).toMatchObject({ email: null, erasedAt: erasure.finishedAt });
  expect(journal.erasureIds).toEqual([erasureId]);
  checkLog(journal, deletion);

  const { own, others } = await holdingsOf(vendors, person);
  expect(others).toEqual(deletion.othersBefore);
  const paths = ownPaths(person);
  const cost: Cost = { kills, repeats: 0, inferred: 0 };
  expect(erasure.tasks.map((task) => task.integrationId).sort()).toEqual(Object.keys(paths).sort());
  for (const task of erasure.tasks) {
    const name = task.integrationId;
    const entriesThere = entries.filter(({ integrationId }) => integrationId === name);
    checkEnd(task);
    checkAttempts(task, entriesThere);
    checkExplained(entriesThere);
    expect(own[name].filter((row) => !isGone[name](row))).toEqual([]);
    cost.repeats += checkCalls(await vendors[name].calls(), paths[name], task);
    if (task.outcome === 'DELETED_INFERRED') cost.inferred++;
  }
  const receipt = payloadOf((await receiptOf(api, erasureId!)).jws);
  expect(receipt).toMatchObject({ number: 1, state: 'COMPLETED', notReached: [], unverifiable: [] });
  expect(cost.repeats).toBeLessThanOrEqual(kills);
  expect(deletion.complaints).toBe('');
  return cost;
}
