import { expect } from 'vitest';
import { patiently, type Bench } from '../bench.ts';
import { outcomeOf } from '../outcome.ts';
import type { Requirement } from '../requirement.ts';

const NEWCOMER = 'new.customer@example.com';
const HOUR_SECONDS = 3_600;

async function tokensFor(bench: Bench) {
  const { integration, account } = await bench.ready();
  if (!integration.tokens) throw new Error('there are no tokens for customers');
  return { tokens: integration.tokens, account, integration };
}

function creationAt(bench: Bench) {
  const integration = bench.open();
  if (!integration.create) throw new Error('there is no creation');
  return { create: integration.create.bind(integration), integration };
}

/** Creating customers, and the tokens that act for them. */
export const customerTokens: readonly Requirement[] = [
  {
    id: 'E5A8',
    name: 'MUST create an account that is then found, and no other',
    async check(bench) {
      const { create, integration } = creationAt(bench);
      const before = await bench.held();
      const created = await create(NEWCOMER, patiently());
      expect((await bench.held()).filter((id) => !before.includes(id))).toEqual([created.externalId]);
      expect(await bench.find({ kind: 'EMAIL', value: NEWCOMER }, integration)).toEqual([created]);
    },
  },
  {
    id: '9F1B',
    name: 'MUST refuse with CONFLICT to create an account that is there, and change nothing',
    async check(bench) {
      const { create } = creationAt(bench);
      const before = await bench.customers();
      expect((await outcomeOf(create(bench.subject.externalId, patiently()))).code).toBe('CONFLICT');
      expect(await bench.customers()).toEqual(before);
    },
  },
  {
    id: '38C6',
    name: 'MUST issue a token that ends when it was asked to',
    async check(bench) {
      const { tokens, account } = await tokensFor(bench);
      const { token, expiresAt } = await tokens.issue(account, HOUR_SECONDS, patiently());
      expect(token).not.toBe('');
      expect(Math.abs(expiresAt!.getTime() - Date.now() - HOUR_SECONDS * 1_000)).toBeLessThan(5_000);
    },
  },
  {
    id: 'D07E',
    name: 'MUST say NOT_FOUND when a token is asked for an account that is not there',
    async check(bench) {
      const { tokens, account, integration } = await tokensFor(bench);
      await integration.delete(account, patiently());
      expect((await outcomeOf(tokens.issue(account, HOUR_SECONDS, patiently()))).code).toBe('NOT_FOUND');
    },
  },
  {
    id: '64BA',
    name: 'MUST end a token and see it refused, once and again, and no other token',
    async check(bench) {
      const { tokens, account } = await tokensFor(bench);
      const { token } = await tokens.issue(account, HOUR_SECONDS, patiently());
      const live = await bench.vendor.state<{ tokens: { token: string }[] }>();
      expect(await tokens.revoke(token, patiently())).toEqual({ wasValid: true, refused: true });
      expect(await tokens.revoke(token, patiently())).toEqual({ wasValid: false, refused: true });
      const left = await bench.vendor.state<{ tokens: { token: string }[] }>();
      expect(left.tokens).toEqual(live.tokens.filter((one) => one.token !== token));
      expect((await bench.vendor.ledger()).filter(({ path }) => path.includes(token))).toEqual([]);
    },
  },
];
