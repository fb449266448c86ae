import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Api, GraphqlAnswer } from './support/api.ts';
import { startWorld, type World } from './support/world.ts';

const SHARE = 0.03;

let capped: World;

describe('a stolen token that deletes everyone', () => {
  beforeAll(async () => {
    capped = await startWorld({
      caps: { perHour: { ADMIN: 12, MASTER: 100, RESALE: 2 }, sharePerDay: SHARE },
    });
  });

  afterAll(() => capped.close());

  const ask = async (api: Api, number: number, input: object = {}): Promise<GraphqlAnswer['data']> =>
    (
      await api.data(
        `mutation ($input: DeleteCustomerInput!) { deleteCustomer(input: $input) {
          __typename
          ... on DeleteCustomerPayload { erasure { id } }
          ... on ErasureCapError { message retryAt }
          ... on InvalidInputError { issues { path } }
        } }`,
        { input: { customerId: capped.id(number), reason: 'a test', ...input } },
      )
    ).deleteCustomer;

  const count = (answers: { __typename: string }[], type: string): number =>
    answers.filter(({ __typename }) => __typename === type).length;

  test('gets as far as the cap of its role, all at once or one by one', async () => {
    const some = capped.people.filter(({ vpn, learn }) => learn && !vpn?.activeSubscription).slice(0, 40);
    const answers = await Promise.all(
      some.map(({ number }) => ask(capped.admin, number, { integrationIds: ['learn'] })),
    );
    expect(count(answers, 'DeleteCustomerPayload')).toBe(12);
    expect(count(answers, 'ErasureCapError')).toBe(28);
    const { retryAt } = answers.find(({ __typename }) => __typename === 'ErasureCapError');
    expect(Date.parse(retryAt) - Date.now()).toBeGreaterThan(3_000_000);
    const learnt = await capped.vendors.learn.deletes();
    expect(learnt.length).toBeLessThanOrEqual(12);
  });

  test('is held to the share of an integration by every role together', async () => {
    const master = await capped.as({ role: 'MASTER' });
    const known = capped.people.filter(({ learn }) => learn);
    const most = Math.floor(known.length * SHARE);
    const answers = [];
    for (const { number } of known.slice(60, 66))
      answers.push(await ask(master, number, { integrationIds: ['learn'] }));
    expect(count(answers, 'DeleteCustomerPayload')).toBe(most - 12);
    const refused = answers.find(({ __typename }) => __typename === 'ErasureCapError');
    expect(refused.message).toContain(`At most ${most} customers a day may be deleted at learn`);
    const { number } = capped.people.filter(({ onelogin, learn }) => onelogin && !learn)[5]!;
    const elsewhere = await ask(master, number, { integrationIds: ['onelogin'] });
    expect(elsewhere).toMatchObject({ __typename: 'DeleteCustomerPayload' });
  });

  test('may be let through once by who may override guards, and that is written down', async () => {
    const { number } = capped.people.filter(({ learn }) => learn)[70]!;
    const input = { integrationIds: ['learn'], overrideReason: 'ordered by a court' };
    const master = await capped.as({ role: 'MASTER' });
    expect(await ask(master, number, input)).toMatchObject({ issues: [{ path: 'overrideReason' }] });
    expect(await ask(capped.admin, number, input)).toMatchObject({ __typename: 'DeleteCustomerPayload' });
    const { auditLog } = await capped.admin.data(
      'query ($id: ID!) { auditLog(customerId: $id, first: 20) { edges { node { action reason } } } }',
      { id: capped.id(number) },
    );
    expect(auditLog.edges.map((edge: { node: object }) => edge.node)).toContainEqual({
      action: 'guard.overridden',
      reason: 'ordered by a court',
    });
  });
});
