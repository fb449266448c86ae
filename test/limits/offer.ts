import { expect, vi } from 'vitest';
import { people } from '../../src/sandbox/people.ts';
import { ended, requestErasure } from '../support/erasures.ts';
import { createDatabase, dropDatabase } from '../support/postgres-databases.ts';
import { startWorld, type World } from '../support/world.ts';
import { startVendorProcess, type VendorProcess } from '../support/vendor-process.ts';

export const LIMIT = { requests: 50, perSeconds: 1 };

/** How the limited integration was loaded, and how another fared meanwhile. */
export interface Load {
  deletes: string[];
  /** The most requests in any stretch of a second, wherever it begins. */
  mostInASecond: number;
  /** Requests a second from the first to the last. */
  perSecond: number;
  /** Median of how long one deletion elsewhere takes in ms, without the load and under it. */
  elsewhere: { before: number; during: number };
}

const AT_ONCE = 20;
const ELSEWHERE = 7;
const DRAINED_MS = 120_000;

export const mostInASecond = (times: readonly number[]): number =>
  Math.max(...times.map((start, i) => times.slice(i).filter((time) => time < start + 1000).length));

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

async function timeElsewhere(world: World, numbers: readonly number[]): Promise<number> {
  const times: number[] = [];
  for (const number of numbers) {
    const started = performance.now();
    await ended(
      world.admin,
      await requestErasure(world.admin, world.id(number), { integrationIds: ['learn'] }),
    );
    times.push(performance.now() - started);
  }
  return median(times);
}

/** The provider is over its limit for a while, so that the offer piles up before the first deletion is let through. */
async function pileUp(world: World, vendor: VendorProcess, numbers: readonly number[]): Promise<void> {
  const retryAfterSeconds = Math.ceil(numbers.length / 15);
  await vendor.control.fault({ kind: 'RATE_LIMIT', retryAfterSeconds });
  for (let i = 0; i < numbers.length; i += AT_ONCE) {
    const some = numbers.slice(i, i + AT_ONCE);
    await Promise.all(
      some.map((number) => requestErasure(world.admin, world.id(number), { integrationIds: ['vpn'] })),
    );
  }
  await vendor.control.fault();
  await vendor.control.forget();
}

/** Asks for so many deletions at an integration that takes fifty a second, on PostgreSQL. */
export async function offer(count: number): Promise<Load> {
  const population = people(count * 2);
  const databaseUrl = await createDatabase();
  const vendor = await startVendorProcess({ name: 'vpn', count: population.length });
  const world = await startWorld(
    { store: { databaseUrl }, pace: (ms) => ms },
    { vpn: { baseUrl: vendor.url, lookup: false } },
    { population, limits: { vpn: { rateLimit: LIMIT } } },
  );
  try {
    const atVpn = population.filter((p) => p.vpn && !p.vpn.activeSubscription).slice(0, count);
    const last = atVpn.at(-1)!.number;
    const atLearn = population.filter((p) => p.learn && p.number > last).map(({ number }) => number);
    const before = await timeElsewhere(world, atLearn.slice(0, ELSEWHERE));
    await pileUp(
      world,
      vendor,
      atVpn.map(({ number }) => number),
    );
    await vi.waitUntil(async () => (await vendor.control.ledger()).length > 0, DRAINED_MS);
    const during = await timeElsewhere(world, atLearn.slice(ELSEWHERE, 2 * ELSEWHERE));
    const drained = async (): Promise<boolean> => (await vendor.control.ledger()).length >= count;
    await vi.waitUntil(drained, { timeout: DRAINED_MS, interval: 500 });
    const calls = (await vendor.control.ledger()).map(({ at }) => at);
    expect(calls.length).toBe(count);
    return {
      deletes: await vendor.control.deletes(),
      mostInASecond: mostInASecond(calls),
      perSecond: ((calls.length - 1) * 1000) / (calls.at(-1)! - calls[0]!),
      elsewhere: { before, during },
    };
  } finally {
    await world.close();
    vendor.stop();
    await dropDatabase(databaseUrl);
  }
}
