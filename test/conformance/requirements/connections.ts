import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { launchSandbox } from '../../../src/commands/launch-sandbox.ts';
import { people } from '../../../src/sandbox/people.ts';
import type { Fault } from '../../../src/sandbox/fault.ts';
import { Bench, patiently } from '../bench.ts';
import { outcomeOf, type Outcome } from '../outcome.ts';
import type { Requirement } from '../requirement.ts';

const DEADLINE_MS = 40;
const IN_TIME_MS = 1_000;

async function isLost(bench: Bench, fault: Fault, deadlineMs?: number): Promise<void> {
  expect((await bench.disturbed('find', fault, deadlineMs)).code).toBe('UNAVAILABLE');
  expect((await bench.disturbed('delete', fault, deadlineMs)).code).toBe('OUTCOME_UNKNOWN');
}

async function inTime<T>(operation: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const value = await operation();
  expect(performance.now() - start).toBeLessThan(IN_TIME_MS);
  return value;
}

/** Runs every operation of an integration with a signal. */
async function everything(bench: Bench, signal: AbortSignal): Promise<Outcome[]> {
  const { integration, account } = await bench.ready();
  const fresh = bench.open();
  await bench.vendor.forget();
  const outcomes: Outcome[] = [];
  for (const one of [integration, fresh]) {
    const operations = [
      bench.find(bench.subject.keys[0]!, one, signal),
      one.list?.(null, signal) ?? [],
      one.inspect(account, signal),
      one.prepare?.(account, signal) ?? [],
      one.delete(account, signal),
      one.verify(account, signal),
      one.check(signal),
    ];
    outcomes.push(
      ...(await Promise.all(operations.map((operation) => outcomeOf<unknown>(Promise.resolve(operation))))),
    );
  }
  return outcomes;
}

/** What becomes of a call when the connection or the time gives out. */
export const connections: readonly Requirement[] = [
  {
    id: '3C54',
    name: 'MUST read a connection cut before the vendor acted as UNAVAILABLE for a lookup, OUTCOME_UNKNOWN for a delete',
    check: (bench) => isLost(bench, { kind: 'RESET_BEFORE' }),
  },
  {
    id: 'F6E5',
    name: 'MUST read a connection cut after the vendor acted as UNAVAILABLE for a lookup, OUTCOME_UNKNOWN for a delete',
    async check(bench) {
      await isLost(bench, { kind: 'RESET_AFTER' });
      expect(await bench.lets(bench.subject.externalId)).toBe(true);
    },
  },
  {
    id: '90D8',
    name: 'MUST read a refused connection as UNAVAILABLE, for a delete too',
    async check({ profile }) {
      const sandbox = await launchSandbox(0, people(5));
      const bench = new Bench(profile, sandbox);
      const { integration, account } = await bench.ready();
      await sandbox.close();
      await sleep(5);
      expect((await outcomeOf(integration.delete(account, patiently()))).code).toBe('UNAVAILABLE');
      expect((await outcomeOf(bench.find(bench.subject.keys[0]!, integration))).code).toBe('UNAVAILABLE');
      await bench.close();
    },
  },
  {
    id: '6BC7',
    name: 'MUST give up at the deadline when no answer comes',
    async check(bench) {
      await inTime(() => isLost(bench, { kind: 'HANG' }, DEADLINE_MS));
      await inTime(() => isLost(bench, { kind: 'HANG_AFTER' }, DEADLINE_MS));
    },
  },
  {
    id: 'E24A',
    name: 'MUST give up at the deadline when a body comes too slowly',
    check: (bench) => inTime(() => isLost(bench, { kind: 'SLOW_BODY', ms: 30, status: 200 }, DEADLINE_MS)),
  },
  {
    id: '05F3',
    name: 'MUST NOT send anything when the signal has ended before',
    async check(bench) {
      const outcomes = await everything(bench, AbortSignal.abort(new Error('ended')));
      expect(await bench.vendor.ledger()).toEqual([]);
      for (const { code } of outcomes) expect(['OK', 'UNAVAILABLE']).toContain(code);
    },
  },
];
