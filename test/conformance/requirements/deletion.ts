import { expect } from 'vitest';
import type { Leaves, Sighting } from '../../../src/providers/provider.ts';
import type { Fault } from '../../../src/sandbox/fault.ts';
import { patiently, type Bench } from '../bench.ts';
import { outcomeOf } from '../outcome.ts';
import type { Requirement } from '../requirement.ts';

const AFTERWARDS: Record<Leaves, Sighting> = {
  REMOVED: 'ABSENT',
  REDACTED: 'REDACTED',
  SOFT_DELETED: 'ABSENT',
};

const FAILED_LOOKS: Fault[] = [
  ...[400, 401, 403, 409, 429, 500, 503].map((status) => ({ kind: 'STATUS' as const, status })),
  ...['', '{}', '[]', 'null', '<html>'].flatMap((text) =>
    [200, 404].map((status) => ({ kind: 'STATUS' as const, status, text })),
  ),
  ...(['RESET_BEFORE', 'RESET_AFTER', 'GARBAGE', 'TRUNCATED'] as const).map((kind) => ({ kind })),
];

/** Deletes the subject and waits for it. Resolves to what was there before, and what was deleted. */
async function remove(bench: Bench) {
  const { integration, account } = await bench.ready();
  const before = await bench.held();
  await integration.delete(account, patiently());
  expect(await bench.lets(account.externalId)).toBe(true);
  return { integration, account, before };
}

/** Deleting an account, and looking whether it is gone. */
export const deletion: readonly Requirement[] = [
  {
    id: '8A15',
    name: 'MUST delete the account, and no other',
    async check(bench) {
      const { account, before } = await remove(bench);
      expect(before).toContain(bench.neighbour.externalId);
      expect(await bench.held()).toEqual(before.filter((id) => id !== account.externalId));
    },
  },
  {
    id: '2C7E',
    name: 'MUST see a deleted account as its manifest says that it is left, and find it no more',
    async check(bench) {
      const { integration, account } = await remove(bench);
      const { leaves } = integration.manifest;
      expect(await integration.verify(account, patiently())).toBe(AFTERWARDS[leaves]);
      for (const key of bench.subject.keys) expect(await bench.find(key, integration)).toEqual([]);
    },
  },
  {
    id: '17F9',
    name: 'MUST see an account that was not deleted as PRESENT',
    async check(bench) {
      const { integration, account } = await bench.ready();
      expect(await integration.verify(account, patiently())).toBe('PRESENT');
    },
  },
  {
    id: '53F0',
    name: 'MUST be safe to repeat: NOT_FOUND or accepted, and nothing else changes',
    async check(bench) {
      const { integration, account } = await remove(bench);
      const before = await bench.customers();
      const { code } = await outcomeOf(integration.delete(account, patiently()));
      expect(['OK', 'NOT_FOUND']).toContain(code);
      expect(await bench.customers()).toEqual(before);
    },
  },
  {
    id: '1B94',
    name: 'MUST send a delete once, whatever comes back',
    async check(bench) {
      const faults: Fault[] = [
        { kind: 'LATENCY', ms: 0 },
        ...[429, 500, 502, 503, 504].map((status) => ({ kind: 'STATUS' as const, status })),
        ...(['RESET_BEFORE', 'RESET_AFTER', 'GARBAGE', 'TRUNCATED'] as const).map((kind) => ({ kind })),
      ];
      for (const fault of faults) {
        await bench.disturbed('delete', fault);
        expect(await bench.arrived(bench.profile.requests.delete)).toHaveLength(1);
      }
    },
  },
  {
    id: 'E08D',
    name: 'MUST see an account as PRESENT that the vendor only claims to have deleted',
    async check(bench) {
      const { integration, account } = await bench.ready();
      await bench.vendor.fault({ kind: 'LIE', ...bench.profile.requests.delete });
      await integration.delete(account, patiently());
      expect(await bench.held()).toContain(account.externalId);
      expect(await integration.verify(account, patiently())).toBe('PRESENT');
    },
  },
  {
    id: 'C5D2',
    name: 'MUST NOT see an account as gone when the look itself has failed',
    async check(bench) {
      for (const fault of FAILED_LOOKS) {
        const { integration, account } = await bench.ready();
        await bench.vendor.fault({ ...fault, ...bench.profile.requests.find });
        const { code, value = 'UNKNOWN' } = await outcomeOf(integration.verify(account, patiently()));
        expect({ fault, code, value }).toEqual({ fault, code, value: 'UNKNOWN' });
        await bench.vendor.fault();
      }
    },
  },
  {
    id: '6F4E',
    name: 'MUST see another account under the same external id as RECREATED',
    async check(bench) {
      const { integration, account } = await remove(bench);
      await bench.vendor.hold(bench.profile.plant(await bench.vendor.state(), account.externalId)!);
      expect(await integration.verify(account, patiently())).toBe('RECREATED');
    },
  },
];
