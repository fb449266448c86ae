import { expect, vi } from 'vitest';
import type { Fault } from '../../../src/sandbox/fault.ts';
import { patiently, type Bench } from '../bench.ts';
import { outcomeOf } from '../outcome.ts';
import type { Requirement } from '../requirement.ts';

const AT_ONCE = 10;
const LONGER_THAN_ANY_TOKEN_MS = 100 * 24 * 3_600_000;

const tokenCalls = async (bench: Bench): Promise<number> => (await bench.arrived(bench.tokenRequests)).length;

/** The same lookup, ten times at once. */
async function findAtOnce(bench: Bench, integration = bench.open()): Promise<void> {
  const lookups = Array.from({ length: AT_ONCE }, () => bench.find(bench.subject.keys[0]!, integration));
  for (const found of await Promise.all(lookups)) expect(found).toHaveLength(1);
}

async function revokeAll(bench: Bench): Promise<void> {
  await bench.vendor.hold({ ...(await bench.vendor.state<object>()), tokens: [] });
}

const DOWN: Fault[] = [
  ...[404, 500, 502, 503, 504].map((status) => ({ kind: 'STATUS' as const, status })),
  ...(['RESET_BEFORE', 'RESET_AFTER', 'GARBAGE', 'WRONG_TYPE', 'TRUNCATED'] as const).map((kind) => ({
    kind,
  })),
];

/** Access tokens: fetched once, kept, and renewed. */
export const tokens: readonly Requirement[] = [
  {
    id: 'A0F3',
    name: 'MUST fetch one token for ten calls at once',
    async check(bench) {
      await findAtOnce(bench);
      expect(await tokenCalls(bench)).toBe(1);
    },
  },
  {
    id: '3B8D',
    name: 'MUST renew a revoked token once, for ten calls at once, and carry on',
    async check(bench) {
      const { integration } = await bench.ready();
      await revokeAll(bench);
      await bench.vendor.forget();
      await findAtOnce(bench, integration);
      expect(await tokenCalls(bench)).toBe(1);
    },
  },
  {
    id: 'C952',
    name: 'MUST renew a token before the vendor refuses it as expired',
    async check(bench) {
      const { integration } = await bench.ready();
      await bench.vendor.forget();
      try {
        vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + LONGER_THAN_ANY_TOKEN_MS });
        await findAtOnce(bench, integration);
      } finally {
        vi.useRealTimers();
      }
      expect(await tokenCalls(bench)).toBe(1);
      expect((await bench.vendor.ledger()).map(({ status }) => status)).not.toContain(401);
    },
  },
  {
    id: '0E6A',
    name: 'MUST NOT try a refused credential again at once',
    async check(bench) {
      const integration = bench.open(bench.profile.wrongCredential);
      for (let i = 0; i < 5; i++) {
        const { code } = await outcomeOf(bench.find(bench.subject.keys[0]!, integration));
        expect(code).toBe('UNAUTHENTICATED');
      }
      expect(await tokenCalls(bench)).toBe(1);
    },
  },
  {
    id: 'F1D7',
    name: 'MUST read a token endpoint that is down as UNAVAILABLE, for a delete too, and ask it again',
    async check(bench) {
      const { account } = await bench.ready();
      for (const fault of DOWN) {
        const integration = bench.open();
        await bench.vendor.fault({ ...fault, ...bench.tokenRequests });
        for (const operation of [
          () => integration.delete(account, patiently()),
          () => integration.check(patiently()),
        ]) {
          const { code } = await outcomeOf<unknown>(operation());
          expect({ fault, code }).toEqual({ fault, code: 'UNAVAILABLE' });
        }
        await bench.vendor.fault();
        expect(await bench.find(bench.subject.keys[0]!, integration)).toHaveLength(1);
      }
    },
  },
  {
    id: '2D70',
    name: 'MUST pass on a rate limit of the token endpoint, with its time',
    async check(bench) {
      const headers = { 'retry-after': '7200' };
      await bench.vendor.fault({ kind: 'STATUS', status: 429, headers, ...bench.tokenRequests });
      const { code, error } = await outcomeOf(bench.find(bench.subject.keys[0]!));
      expect(code).toBe('RATE_LIMITED');
      expect(error!.retryAt!.getTime() - Date.now()).toBeGreaterThan(7_190_000);
    },
  },
  {
    id: '48BC',
    name: 'MUST give up at the deadline of the call when the token endpoint does not answer',
    async check(bench) {
      await bench.vendor.fault({ kind: 'HANG', ...bench.tokenRequests });
      const start = performance.now();
      const { code } = await outcomeOf(
        bench.find(bench.subject.keys[0]!, bench.open(), AbortSignal.timeout(40)),
      );
      expect(code).toBe('UNAVAILABLE');
      expect(performance.now() - start).toBeLessThan(1_000);
    },
  },
  {
    id: '96A5',
    name: 'MUST NOT let the end of one call end the token call that others wait for',
    async check(bench) {
      await bench.vendor.fault({ kind: 'LATENCY', ms: 60, ...bench.tokenRequests });
      const integration = bench.open();
      const key = bench.subject.keys[0]!;
      const ended = outcomeOf(bench.find(key, integration, AbortSignal.timeout(20)));
      expect(await bench.find(key, integration)).toHaveLength(1);
      expect((await ended).code).toBe('UNAVAILABLE');
      expect(await tokenCalls(bench)).toBe(1);
    },
  },
];
