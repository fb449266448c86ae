import { expect } from 'vitest';
import { ProviderError, type Account } from '../../../src/providers/provider.ts';
import { patiently, type Bench } from '../bench.ts';
import { NASTY_KEYS, nastyVariants } from '../nasty-keys.ts';
import { outcomeOf } from '../outcome.ts';
import type { Requirement } from '../requirement.ts';

const nastyKeys = ({ neighbour, holdings }: Bench): readonly string[] => [
  ...NASTY_KEYS,
  ...nastyVariants(neighbour.externalId, holdings[2]!.externalId),
];

const segmentsOf = (path: string): string[] => path.split('/');

/** That what arrived is a delete of just this key: the last segment decodes to it, the others are as they always are. */
function isAddressedTo(key: string, arrived: string, usual: string): void {
  const [path = '', ...query] = arrived.split('?');
  expect({ key, query }).toEqual({ key, query: [] });
  expect(segmentsOf(path).slice(0, -1)).toEqual(segmentsOf(usual).slice(0, -1));
  expect(decodeURIComponent(segmentsOf(path).at(-1)!)).toBe(key);
}

/** The raw path of a plain delete. */
async function usualPath(bench: Bench): Promise<string> {
  const { integration, account } = await bench.ready();
  await integration.delete(account, patiently());
  return (await bench.arrived(bench.profile.requests.delete))[0]!.path;
}

/** The vendor with the nasty keys among its accounts, as far as it can hold them. */
async function plantAll(bench: Bench, keys: readonly string[]): Promise<void> {
  await bench.restart();
  let state = await bench.vendor.state<object>();
  for (const key of keys) if (key !== '') state = bench.profile.plant(state, key) ?? state;
  await bench.vendor.hold(state);
}

async function deletesOnly(bench: Bench, key: string, template: Account, usual: string): Promise<void> {
  const integration = bench.open();
  const before = await bench.held();
  await bench.vendor.forget();
  const { code } = await outcomeOf(integration.delete({ ...template, externalId: key }, patiently()));
  const deletes = await bench.arrived(bench.profile.requests.delete);
  if (code === 'INVALID' && deletes.length === 0) {
    expect(await bench.held()).toEqual(before);
    return;
  }
  expect(deletes).toHaveLength(1);
  isAddressedTo(key, deletes[0]!.path, usual);
  if (before.includes(key)) await bench.lets(key);
  expect({ key, held: await bench.held() }).toEqual({ key, held: before.filter((id) => id !== key) });
  await integration.close();
}

/** Keys that are not what a careless URL expects. */
export const keys: readonly Requirement[] = [
  {
    id: 'D81B',
    name: 'MUST delete just the account with a nasty key, or refuse the key before anything is sent',
    async check(bench) {
      const { account } = await bench.ready();
      const usual = await usualPath(bench);
      const keys = nastyKeys(bench);
      await plantAll(bench, keys);
      for (const key of keys) await deletesOnly(bench, key, account, usual);
    },
  },
  {
    id: 'A25F',
    name: 'MUST find just the account with a nasty key, or nobody, or refuse the key',
    async check(bench) {
      const integration = bench.open();
      const keys = nastyKeys(bench);
      await plantAll(bench, keys);
      const kinds = integration.manifest.keys.map(({ kind }) => kind);
      for (const kind of kinds) {
        for (const value of keys) {
          const [found] = await integration.find([{ kind, value }], patiently());
          if (found instanceof ProviderError) expect(found.code).toBe('INVALID');
          else for (const { externalId } of found!) expect(externalId).toBe(value);
        }
      }
    },
  },
  {
    id: 'C09D',
    name: 'MUST find the same by many keys at once as by each alone, save those that it refuses',
    async check(bench) {
      const integration = bench.open();
      const values = nastyKeys(bench);
      await plantAll(bench, values);
      const { kind } = integration.manifest.keys[0]!;
      const keys = values.map((value) => ({ kind, value }));
      const idsOf = (found: unknown): unknown =>
        found instanceof ProviderError
          ? found.code
          : (found as Account[]).map(({ externalId }) => externalId);
      const together = (await integration.find(keys, patiently())).map(idsOf);
      for (const [i, key] of keys.entries()) {
        const alone = (await integration.find([key], patiently())).map(idsOf)[0];
        if (alone !== 'INVALID') expect([key.value, together[i]]).toEqual([key.value, alone]);
      }
    },
  },
  {
    id: '20C4',
    name: 'MUST NOT say of an account with a nasty key that another was seen',
    async check(bench) {
      const { account, integration } = await bench.ready();
      for (const externalId of nastyKeys(bench)) {
        const { code, value } = await outcomeOf(integration.verify({ ...account, externalId }, patiently()));
        if (code === 'OK') expect({ externalId, value }).not.toMatchObject({ value: 'RECREATED' });
      }
    },
  },
];
