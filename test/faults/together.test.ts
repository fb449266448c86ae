import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { VendorName } from '../../src/commands/launch-sandbox.ts';
import { ownPaths } from '../crash/own-paths.ts';
import { quickly } from '../support/world.ts';
import { FaultBench, VENDORS, type Disturbance, type Strike } from './bench.ts';
import { check } from './check.ts';
import { expectEnds, type End } from './end.ts';
import type { Evidence } from './evidence.ts';

const ALWAYS = 1_000;
/** Far more than a step takes. */
const A_WHILE_MS = 500;

let bench: FaultBench;

beforeAll(async () => {
  bench = await FaultBench.start();
});

afterAll(() => bench.close());

/** Faults that the deletes of the account meet, one after the other. */
const atDelete =
  (...faults: Strike[]): Disturbance =>
  (name, person) =>
    faults.map((fault) => ({ ...fault, method: 'DELETE', path: ownPaths(person)[name][0] }));

const afterwards = (times: number): Strike => ({
  kind: 'RESET_BEFORE',
  method: 'GET',
  since: 'DELETE',
  times,
});

function expectAll(evidence: readonly Evidence[], end: End): void {
  evidence.forEach(check);
  expectEnds(evidence, () => end);
}

test('all five at once, each in its own way', async () => {
  const faults: Record<VendorName, Strike> = {
    vpn: { kind: 'TRUNCATED', status: 200, times: 1 },
    particle: { kind: 'RESET_AFTER', times: 1 },
    engagelab: { kind: 'WRONG_TYPE', status: 200, times: 1 },
    learn: { kind: 'STATUS_AFTER', status: 504, times: 1 },
    onelogin: { kind: 'GZIP_BOMB', status: 200, times: 1 },
  };
  expectAll(await bench.erase(VENDORS, (name, person) => atDelete(faults[name])(name, person)), 'INFERRED');
});

test('the one that is asked first, all along: nobody else is asked to delete, however long it is looked at', async () => {
  const strikes = atDelete({ kind: 'STATUS', status: 500, times: ALWAYS });
  bench.conditions.pace = () => A_WHILE_MS;
  const evidence = await bench.erase(VENDORS, (name, person) =>
    name === 'vpn' ? strikes(name, person) : [],
  );
  bench.conditions.pace = quickly;
  evidence.forEach(check);
  expectEnds(evidence, (name) => (name === 'vpn' ? 'STILL_THERE' : 'NOT_ASKED'));
  const others = evidence.filter(({ name }) => name !== 'vpn').flatMap(({ calls }) => calls);
  expect(others.filter(({ method }) => method !== 'GET')).toEqual([]);
});

test('all three deletes, of which only the last does its work', async () => {
  const inVain = { kind: 'RESET_BEFORE', times: 2 } as const;
  const lost = { kind: 'RESET_AFTER', times: 1 } as const;
  expectAll(await bench.erase(VENDORS, atDelete(inVain, lost)), 'INFERRED');
});

test('all three deletes, at vendors that delete later than they can be asked', async () => {
  await bench.world.vendors.engagelab.assume({ deleteDelayMs: 100 });
  await bench.world.vendors.onelogin.assume({ deletingMs: 60 });
  const lost = atDelete({ kind: 'STATUS_AFTER', status: 504, times: ALWAYS });
  const evidence = await bench.erase(['engagelab', 'onelogin'], lost);
  await bench.restart();
  expectAll(evidence, 'INFERRED');
});

test('the delete, and the looks after it for a while', async () => {
  const lost = atDelete({ kind: 'RESET_AFTER', times: 1 });
  const evidence = await bench.erase(VENDORS, (name, person) => [...lost(name, person), afterwards(3)]);
  expectAll(evidence, 'INFERRED');
});

describe.each(['RESET_BEFORE', 'RESET_AFTER'] as const)('the delete (%s) and all looks after it', (kind) => {
  test.each(VENDORS)('%s: nobody knows, and that is what it says', async (vendor) => {
    const lost = atDelete({ kind, times: 1 });
    const evidence = await bench.erase([vendor], (name, person) => [
      ...lost(name, person),
      afterwards(ALWAYS),
    ]);
    expectAll(evidence, 'UNKNOWN');
  });
});

test.each(['particle', 'learn', 'onelogin'] as const)(
  'the token of %s, and then the place where tokens come from',
  async (vendor) => {
    const refused = atDelete({ kind: 'STATUS', status: 401, times: 1 });
    const evidence = await bench.erase([vendor], (name, person) => [
      ...refused(name, person),
      { kind: 'STATUS', status: 500, method: 'POST', times: 1 },
    ]);
    expectAll(evidence, 'DELETED');
  },
);

test.each(['RESET_BEFORE', 'RESET_AFTER', 'GARBAGE'] as const)(
  'what comes before the delete (%s): done again, as far as it was not done',
  async (kind) => {
    const evidence = await bench.erase(
      ['particle'],
      () => [{ kind, method: 'DELETE', path: '/v1/products/sandbox-product/devices/', times: 1 }],
      ({ particle }) => particle!.deviceIds.length > 1,
    );
    expectAll(evidence, 'DELETED');
    const [{ person, calls }] = evidence as [Evidence];
    const released = calls.filter(({ method, path }) => method === 'DELETE' && path.endsWith('/owner'));
    expect(new Set(released.map(({ path }) => path)).size).toBe(person.particle!.deviceIds.length);
  },
);

describe.each(VENDORS)('a refused connection at %s', (vendor) => {
  /** The plan's own look is cut, so that there is another before the delete. */
  const beforeLook: Disturbance = (name) => [
    { kind: 'RESET_BEFORE', method: 'GET', times: name === 'onelogin' ? 2 : 1 },
  ];
  const beforeDelete: Disturbance = () => [];

  /** Lets the vendor refuse connections once the erasure is there, until so many attempts were made. */
  function refuseFor(attempts: number): void {
    let left = attempts;
    bench.conditions.passes = (checkpoint) => {
      const { close, reopen } = bench.world.sandbox.vendors[vendor];
      if (checkpoint === 'erasure.enqueued') void close();
      if (checkpoint === 'attempt.recorded' && --left === 0) void reopen();
    };
  }

  afterEach(() => {
    bench.conditions.passes = () => {};
  });

  test.each([
    ['look', beforeLook],
    ['delete', beforeDelete],
  ])('at the %s', async (_moment, disturbance) => {
    refuseFor(1);
    const once = await bench.erase([vendor], disturbance);
    refuseFor(ALWAYS);
    const always = await bench.erase([vendor], disturbance);
    for (const [{ task }] of [once, always] as [Evidence][])
      expect(task.attempts[0]!.result).toBe('UNAVAILABLE');
    expectAll(once, 'DELETED');
    expectAll(always, 'UNAVAILABLE');
    expect(always[0]!.calls.filter(({ method }) => method === 'DELETE')).toEqual([]);
  });
});

test('nothing was left unhandled, nobody was sent elsewhere, and no secret was written or shown', () =>
  bench.check());
