import { expect } from 'vitest';
import type { Fault } from '../../../src/sandbox/fault.ts';
import type { Bench } from '../bench.ts';
import type { Requirement } from '../requirement.ts';

const OPERATIONS = ['find', 'delete'] as const;
const MAY_GROW_BYTES = 96 * 1024 * 1024;

async function isUnexpected(
  bench: Bench,
  fault: Fault,
  operations: readonly ('find' | 'delete')[] = OPERATIONS,
) {
  for (const operation of operations) {
    const { code } = await bench.disturbed(operation, fault);
    expect({ operation, fault, code }).toEqual({ operation, fault, code: 'UNEXPECTED_RESPONSE' });
  }
}

/** How much more memory was in use at the worst moment of an operation than before it. */
async function growthDuring(operation: () => Promise<void>): Promise<number> {
  const used = (): number => process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
  const before = used();
  let peak = before;
  const timer = setInterval(() => (peak = Math.max(peak, used())), 2);
  await operation().finally(() => clearInterval(timer));
  return peak - before;
}

/** Bodies that are not what the vendor documents. */
export const bodies: readonly Requirement[] = [
  {
    id: 'CE38',
    name: 'MUST read an HTML page under 200 as UNEXPECTED_RESPONSE',
    check: (bench) =>
      isUnexpected(bench, {
        kind: 'STATUS',
        status: 200,
        text: '<html><body><h1>Welcome</h1></body></html>',
        headers: { 'content-type': 'text/html' },
      }),
  },
  {
    id: '29A1',
    name: 'MUST read broken JSON as UNEXPECTED_RESPONSE',
    check: (bench) => isUnexpected(bench, { kind: 'GARBAGE', status: 200 }),
  },
  {
    id: '7F63',
    name: 'MUST NOT read an empty body or foreign JSON as the absence of an account',
    async check(bench) {
      for (const text of ['', 'null', '42', '"success"', '{}', '{"status":"ok"}', '[[]]', '[null]']) {
        await isUnexpected(bench, { kind: 'STATUS', status: 200, text }, ['find']);
      }
    },
  },
  {
    id: 'B450',
    name: 'MUST NOT take an answer that says that it failed for a deletion',
    async check(bench) {
      for (const text of [
        '{"success":false}',
        '{"ok":false}',
        '{"status":{"error":true,"code":500}}',
        'error',
      ]) {
        await isUnexpected(bench, { kind: 'STATUS', status: 200, text }, ['delete']);
      }
    },
  },
  {
    id: '8D9C',
    name: 'MUST read JSON as JSON under another content type',
    async check(bench) {
      for (const type of ['text/html', 'text/plain; charset=utf-8', 'application/octet-stream', 'nonsense']) {
        for (const operation of OPERATIONS) {
          const fault = { kind: 'LATENCY', ms: 0, headers: { 'content-type': type } } as const;
          expect((await bench.disturbed(operation, fault)).code).toBe('OK');
        }
      }
    },
  },
  {
    id: '1F0E',
    name: 'MUST read a body that breaks off as UNAVAILABLE for a lookup and OUTCOME_UNKNOWN for a delete',
    async check(bench) {
      const fault = { kind: 'TRUNCATED', status: 200 } as const;
      expect((await bench.disturbed('find', fault)).code).toBe('UNAVAILABLE');
      expect((await bench.disturbed('delete', fault)).code).toBe('OUTCOME_UNKNOWN');
    },
  },
  {
    id: 'A6B2',
    name: 'MUST end a body without end as UNEXPECTED_RESPONSE, in bounded memory',
    async check(bench) {
      const growth = await growthDuring(() => isUnexpected(bench, { kind: 'HUGE_BODY', status: 200 }));
      expect(growth).toBeLessThan(MAY_GROW_BYTES);
    },
  },
];
