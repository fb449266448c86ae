import { expect } from 'vitest';
import { ProviderError, type Account, type Age } from '../../../src/providers/provider.ts';
import { patiently, type Bench } from '../bench.ts';
import { outcomeOf } from '../outcome.ts';
import type { Requirement } from '../requirement.ts';

const MANY = 60;

/** How many calls it takes to read the whole list. */
async function pagesOfList(bench: Bench): Promise<number> {
  const list = bench.open();
  let cursor: string | null = null;
  let pages = 0;
  do {
    pages++;
    cursor = (await list.list!(cursor, patiently())).next;
  } while (cursor !== null);
  return pages;
}

async function promisedCalls(bench: Bench): Promise<number> {
  const batch = bench.open().manifest.keys[0]!.batch;
  const byKey = Math.ceil(MANY / batch);
  return bench.profile.findsInList ? Math.max(byKey, await pagesOfList(bench)) : byKey;
}

/** Finding accounts by their keys. */
export const lookup: readonly Requirement[] = [
  {
    id: '4C1F',
    name: 'MUST find an account by every kind of key, with its external id and identity',
    async check(bench) {
      const integration = bench.open();
      const { keys, externalId, identity } = bench.subject;
      expect(keys.map(({ kind }) => kind)).toEqual(integration.manifest.keys.map(({ kind }) => kind));
      for (const key of keys) {
        expect(await bench.find(key, integration)).toMatchObject([{ externalId, identity }]);
      }
    },
  },
  {
    id: '9E07',
    name: 'MUST answer an unknown key with an empty list',
    async check(bench) {
      const integration = bench.open();
      for (const key of bench.profile.unknownKeys) expect(await bench.find(key, integration)).toEqual([]);
    },
  },
  {
    id: 'D6B3',
    name: 'MUST NOT take the account of another for the one that was asked for',
    async check(bench) {
      const { profile, vendor, subject, neighbour } = bench;
      if (!profile.answerAbout) throw new Error('the answer does not say which account it is about');
      const body = profile.answerAbout(await vendor.state<object>(), neighbour.externalId);
      const { integration, account } = await bench.ready();
      await vendor.fault({ kind: 'STATUS', status: 200, body, ...profile.requests.find });
      const { code, value = [] } = await outcomeOf(bench.find(subject.keys[0]!, integration));
      expect(value).toEqual([]);
      expect(['OK', 'UNEXPECTED_RESPONSE']).toContain(code);
      expect(await outcomeOf(integration.verify(account, patiently()))).not.toMatchObject({
        value: 'RECREATED',
      });
    },
  },
  {
    id: '5D3A',
    name: 'MUST give one answer per key, in order, to repeated and unknown keys as well',
    async check(bench) {
      const { subject, neighbour, profile } = bench;
      const keys = [neighbour, subject, subject].map((holding) => holding.keys[0]!);
      const found = await bench.open().find([profile.unknownKeys[0]!, ...keys], patiently());
      const ids = found.map((one) => (one instanceof ProviderError ? one : one.map((a) => a.externalId)));
      expect(ids).toEqual([[], [neighbour.externalId], [subject.externalId], [subject.externalId]]);
    },
  },
  {
    id: '1C7D',
    name: 'MUST answer from a copy only where RECENT is enough, and then say its age',
    async check(bench) {
      const { integration, account } = await bench.ready();
      const find = (age: Age) => integration.find([bench.subject.keys[0]!], patiently(), age);
      await find('RECENT');
      await integration.delete(account, patiently());
      await bench.lets(account.externalId);
      const recent = (await find('RECENT'))[0] as readonly Account[];
      for (const { asOf = '' } of recent) expect(Date.parse(asOf)).toBeLessThanOrEqual(Date.now());
      expect(await find('FRESH')).toEqual([[]]);
    },
  },
  {
    id: 'B2C8',
    name: 'MUST ask for many keys in no more calls than its batch size takes',
    async check(bench) {
      const promised = await promisedCalls(bench);
      const { integration } = await bench.ready();
      await bench.vendor.forget();
      const keys = bench.holdings.slice(0, MANY).map((holding) => holding.keys[0]!);
      expect(keys).toHaveLength(MANY);
      const found = await integration.find(keys, patiently());
      expect(found.flat()).toHaveLength(MANY);
      expect((await bench.vendor.ledger()).length).toBeLessThanOrEqual(promised);
    },
  },
  {
    id: '80BE',
    name: 'MUST answer every key of a batch with the error when the call fails, never with an empty list',
    async check(bench) {
      const { integration } = await bench.ready();
      await bench.vendor.fault({ kind: 'STATUS', status: 503, ...bench.profile.requests.find });
      const keys = bench.holdings.slice(0, MANY).map((holding) => holding.keys[0]!);
      const found = await integration
        .find(keys, patiently())
        .catch((error: unknown) => keys.map(() => error));
      expect(found.map((one) => (one as ProviderError).code)).toEqual(keys.map(() => 'UNAVAILABLE'));
    },
  },
];
