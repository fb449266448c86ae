import { expect } from 'vitest';
import type { Bench } from '../bench.ts';
import type { Requirement } from '../requirement.ts';

/** The `retryAt` of a lookup and of a delete that were answered so, in seconds from now. */
async function retryAfter(bench: Bench, status: number, value?: string): Promise<(number | undefined)[]> {
  const seconds: (number | undefined)[] = [];
  for (const operation of ['find', 'delete'] as const) {
    const headers = value === undefined ? {} : { 'retry-after': value };
    const body = bench.profile.errorBody(status);
    const { error } = await bench.disturbed(operation, { kind: 'STATUS', status, body, headers });
    const { retryAt } = error!;
    seconds.push(retryAt && (retryAt.getTime() - Date.now()) / 1000);
  }
  return seconds;
}

/** When a vendor wants to be asked again. */
export const retryTimes: readonly Requirement[] = [
  {
    id: '6A0D',
    name: 'MUST come back no sooner than Retry-After says, in seconds',
    async check(bench) {
      for (const status of [429, 503]) {
        for (const seconds of await retryAfter(bench, status, '7200')) {
          expect(seconds).toBeGreaterThan(7_190);
          expect(seconds).toBeLessThanOrEqual(7_200);
        }
      }
    },
  },
  {
    id: '0B7C',
    name: 'MUST come back no sooner than Retry-After says, as an HTTP date',
    async check(bench) {
      const date = new Date(Date.now() + 7_200_000).toUTCString();
      for (const seconds of await retryAfter(bench, 429, date)) {
        expect(seconds).toBeGreaterThan(7_190);
        expect(seconds).toBeLessThanOrEqual(7_200);
      }
    },
  },
  {
    id: 'E9F4',
    name: 'MUST NOT name a time that is past or no time when Retry-After makes no sense',
    async check(bench) {
      for (const value of ['99999999999999999999', 'soon', '-5', '', 'Thu, 01 Jan 1970 00:00:00 GMT']) {
        for (const seconds of await retryAfter(bench, 429, value)) {
          if (seconds !== undefined)
            expect({ value, seconds, later: seconds > -1 }).toMatchObject({ later: true });
        }
      }
    },
  },
  {
    id: '58DE',
    name: 'SHOULD say when to come back after 429 without Retry-After, in the future if at all',
    async check(bench) {
      for (const seconds of await retryAfter(bench, 429)) {
        if (seconds !== undefined) expect(seconds).toBeGreaterThan(0);
      }
    },
  },
];
