import { expect } from 'vitest';
import { patiently } from '../bench.ts';
import { outcomeOf } from '../outcome.ts';
import type { Requirement } from '../requirement.ts';

/** Looking without changing. */
export const health: readonly Requirement[] = [
  {
    id: 'FA61',
    name: 'MUST find a good credential good, and never say that it may not delete',
    async check(bench) {
      const health = await bench.open().check(patiently());
      expect(health).toMatchObject({ reachable: true, authenticated: true });
      expect(health.mayDelete).not.toBe(false);
      expect(health.mayDelete === true || health.why !== null).toBe(true);
    },
  },
  {
    id: '37E2',
    name: 'MUST find a refused credential UNAUTHENTICATED',
    async check(bench) {
      const refused = bench.open(bench.profile.wrongCredential);
      expect((await outcomeOf(refused.check(patiently()))).code).toBe('UNAUTHENTICATED');
    },
  },
  {
    id: 'EC0B',
    name: 'MUST check the credential without changing anything',
    async check(bench) {
      const before = await bench.customers();
      await bench.open().check(patiently());
      expect(await bench.customers()).toEqual(before);
      expect((await bench.vendor.calls()).every(({ method }) => method === 'GET')).toBe(true);
    },
  },
  {
    id: '5A97',
    name: 'MUST inspect an account without changing anything',
    async check(bench) {
      const { integration, account } = await bench.ready();
      const before = await bench.customers();
      await integration.inspect(account, patiently());
      expect(await bench.customers()).toEqual(before);
      expect((await bench.vendor.calls()).every(({ method }) => method === 'GET')).toBe(true);
    },
  },
  {
    id: 'B1C0',
    name: 'MUST be safe to prepare twice, and touch no other customer',
    async check(bench) {
      const { integration, account } = await bench.ready();
      const held = await bench.held();
      await integration.prepare?.(account, patiently());
      const before = await bench.customers();
      await integration.prepare?.(account, patiently());
      expect(await bench.customers()).toEqual(before);
      expect(await bench.held()).toEqual(held);
    },
  },
];
