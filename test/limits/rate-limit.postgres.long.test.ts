import { expect, test } from 'vitest';
import { LIMIT, offer } from './offer.ts';

const OFFERED = Number(process.env.OFFERED ?? 1000);

test(
  'a thousand deletions offered to an integration that takes fifty a second',
  { timeout: 300_000 },
  async () => {
    const { deletes, mostInASecond, perSecond, elsewhere } = await offer(OFFERED);
    console.log('offered deletions', JSON.stringify({ mostInASecond, perSecond, elsewhere }));
    expect(new Set(deletes).size).toBe(OFFERED);
    expect(deletes).toHaveLength(OFFERED);
    expect(mostInASecond).toBeLessThanOrEqual(LIMIT.requests);
    expect(perSecond).toBeGreaterThanOrEqual(0.9 * LIMIT.requests);
    expect(elsewhere.during).toBeLessThan(elsewhere.before + 500);
  },
);
