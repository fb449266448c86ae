import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Api, GraphqlAnswer } from '../support/api.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
const log: string[] = [];

beforeAll(async () => {
  const { default: pino } = await import('pino');
  const lines = { write: (line: string) => void log.push(line) };
  world = await startWorld({ log: pino({ level: 'trace' }, lines) });
});

afterAll(() => world.close());

const issue = async (api: Api, input: object): Promise<GraphqlAnswer['data']> =>
  (
    await api.data(
      `mutation ($input: IssueCustomerTokenInput!) { issueCustomerToken(input: $input) {
        __typename
        ... on IssueCustomerTokenPayload { token expiresAt }
        ... on InvalidInputError { issues { path } }
      } }`,
      { input: { integrationId: 'particle', ...input } },
    )
  ).issueCustomerToken;

const revoke = async (customerId: string, token: string): Promise<GraphqlAnswer['data']> =>
  (
    await world.admin.data(
      `mutation ($input: RevokeCustomerTokenInput!) { revokeCustomerToken(input: $input) {
        ... on RevokeCustomerTokenPayload { wasValid refused }
      } }`,
      { input: { customerId, integrationId: 'particle', token } },
    )
  ).revokeCustomerToken;

const statusWith = async (token: string): Promise<number> => {
  const url = `${world.sandbox.vendors.particle.url}/v1/access_tokens/current`;
  return (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status;
};

describe('a token for a customer', () => {
  test('works at the provider, ends on revocation, and is kept nowhere', async () => {
    const customerId = world.id(1);
    const { token, expiresAt } = await issue(world.admin, { customerId, expiresInSeconds: 600 });
    expect(await statusWith(token)).toBe(200);
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(600_000);
    expect(await revoke(customerId, token)).toEqual({ wasValid: true, refused: true });
    expect(await statusWith(token)).toBe(401);
    expect(await revoke(customerId, token)).toEqual({ wasValid: false, refused: true });

    const { rows } = await world.gateway.store.pool.query<{ text: string }>(
      'select audit_entry::text as text from audit_entry',
    );
    expect(rows.filter(({ text }) => text.includes('token.issued'))).toHaveLength(1);
    expect(rows.filter(({ text }) => text.includes('token.revoked'))).toHaveLength(2);
    expect([...log, ...rows.map(({ text }) => text)].join('\n')).not.toContain(token);
  });

  test('goes with the customer, like all of its tokens', async () => {
    const { token } = await issue(world.admin, { customerId: world.id(3) });
    const { deleteCustomer } = await world.admin.data(
      `mutation ($id: ID!) { deleteCustomer(input: { customerId: $id, reason: "a test", integrationIds: ["particle"] }) {
        ... on DeleteCustomerPayload { erasure { id } } } }`,
      { id: world.id(3) },
    );
    await world.admin.watch('subscription ($id: ID!) { erasureProgress(erasureId: $id) { sequence } }', {
      id: deleteCustomer.erasure.id,
    });
    expect(await statusWith(token)).toBe(401);
  });

  test('is for who has the scope, for customers with an account, for at most 90 days', async () => {
    const reseller = await world.as({ role: 'RESALE', manager: 'glacier' });
    const { errors } = await reseller.send(
      `mutation ($id: ID!) { issueCustomerToken(input: { customerId: $id, integrationId: "particle" }) { __typename } }`,
      { id: world.id(1) },
    );
    expect(errors[0]!.extensions).toMatchObject({ code: 'FORBIDDEN' });
    const without = world.people.find(({ particle }) => !particle)!.number;
    expect(await issue(world.admin, { customerId: world.id(without) })).toMatchObject({
      __typename: 'AccountNotFoundError',
    });
    for (const expiresInSeconds of [0, -1, 90 * 86_400 + 1]) {
      const refused = await issue(world.admin, { customerId: world.id(1), expiresInSeconds });
      expect(refused).toMatchObject({ issues: [{ path: 'expiresInSeconds' }] });
    }
    const elsewhere = await issue(world.admin, { customerId: world.id(1), integrationId: 'learn' });
    expect(elsewhere).toMatchObject({ issues: [{ path: 'integrationId' }] });
  });
});
