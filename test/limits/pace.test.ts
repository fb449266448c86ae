import { expect, test } from 'vitest';
import { paceOf } from '../../src/limits/pace.ts';

test.each([40, 100, 500, 5_000, 1_000_000])(
  'of %i a second, no second has more when turns that were taken ahead are used as late as they may be',
  (requests) => {
    const { intervalMs, burst, aheadMs } = paceOf({ requests, perSeconds: 1 });
    expect(burst).toBe(1);
    expect((1_000 + aheadMs) / intervalMs).toBeLessThan(requests);
  },
);
