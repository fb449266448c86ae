import { expect, test } from 'vitest';
import { RecentlyUsed } from '../../src/graphql/documents/recently-used.ts';

const MOST = 100;

test('what is used again and again stays, however many others come', () => {
  const kept = new RecentlyUsed<number>(MOST);
  kept.set('often', -1);
  for (let i = 0; i < 20 * MOST; i++) {
    kept.set(`once ${i}`, i);
    expect(kept.get('often')).toBe(-1);
  }
});

test('no more are kept than may be, and the latest are', () => {
  const kept = new RecentlyUsed<number>(MOST);
  for (let i = 0; i < 20 * MOST; i++) kept.set(`${i}`, i);
  const left = Array.from({ length: 20 * MOST }, (_, i) => i).filter((i) => kept.get(`${i}`) !== undefined);
  expect(left.length).toBeGreaterThan(MOST / 2);
  expect(left.length).toBeLessThanOrEqual(MOST);
  expect(left.at(-1)).toBe(20 * MOST - 1);
});
