import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RetryBudget } from '../../src/limits/retry-budget.ts';
import { SlidingWindow } from '../../src/limits/sliding-window.ts';

test('a provider never gets more than the limit, whenever calls come and however they are late', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 7 }),
      fc.array(fc.record({ gap: fc.integer({ min: 0, max: 400 }), late: fc.integer({ min: 0, max: 30 }) }), {
        minLength: 20,
        maxLength: 60,
      }),
      (requests, calls) => {
        const window = new SlidingWindow({ requests, perSeconds: 1 });
        const arrived: number[] = [];
        let now = 0;
        for (const { gap, late } of calls) {
          now += gap;
          for (let wait = window.send(now); wait > 0; wait = window.send(now)) now += wait;
          arrived.push(now + late);
        }
        const most = Math.max(
          ...arrived.map((t) => arrived.filter((other) => other >= t && other < t + 1000).length),
        );
        expect(most).toBeLessThanOrEqual(requests);
      },
    ),
  );
});

test('retries are a fifth of the first tries, and one more every ten seconds', () => {
  const budget = new RetryBudget();
  const taken = (now: number): number =>
    Array.from({ length: 500 }, () => budget.retry(now)).filter(Boolean).length;
  expect(taken(1)).toBe(10);
  for (let i = 0; i < 45; i++) budget.firstTry();
  expect(taken(2)).toBe(9);
  expect(taken(3)).toBe(0);
  expect(taken(10_500)).toBe(1);
});
