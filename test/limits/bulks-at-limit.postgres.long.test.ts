import { expect, test } from 'vitest';
import { deleteAtLimit } from './bulks-at-limit.ts';
import { LIMIT } from './offer.ts';

test.each([1, 3])(
  'bulks of deletions use 95 % of a limit of fifty a second, and never more than all of it, by %i processes',
  { timeout: 300_000 },
  async (processes) => {
    const { calls, deletes, mostInASecond, perSecond } = await deleteAtLimit(processes);
    console.log('bulks at a limit', JSON.stringify({ processes, calls, mostInASecond, perSecond }));
    expect(new Set(deletes).size).toBe(400);
    expect(deletes).toHaveLength(400);
    expect(mostInASecond).toBeLessThanOrEqual(LIMIT.requests);
    expect(perSecond).toBeGreaterThanOrEqual(0.95 * LIMIT.requests);
  },
);
