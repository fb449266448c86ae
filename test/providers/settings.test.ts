import { GATEWAY } from '../../src/audit/log.ts';
import { insertCustomers } from '../../src/customer/insert.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ended, erase, requestErasure, resolve, taskAt, waitsFor } from '../support/erasures.ts';
import { startWorld, type World } from '../support/world.ts';

describe('integrations that are set up the other way', () => {
  let world: World;

  beforeAll(async () => {
    const settings = {
      onelogin: { apiVersion: 1 },
      learn: { auth: 'BASIC' },
      particle: { unclaimDevices: false },
      vpn: { lookup: false },
    };
    world = await startWorld({}, settings);
    await world.vendors.vpn.assume({ lookup: false });
  });

  afterAll(() => world.close());

  test('are asked on their own paths, and what cannot be asked says so', async () => {
    const { customer } = await world.admin.data(
      `query ($id: ID!) { customer(id: $id) { accounts {
        __typename
        ... on Account { externalId }
        ... on OneloginAccount { apps { name } }
        ... on AccountFailure { code }
      } } }`,
      { id: world.id(1) },
    );
    expect(customer.accounts.slice(3)).toEqual([
      { __typename: 'AccountFailure', code: 'LOOKUP_UNSUPPORTED' },
      { __typename: 'OneloginAccount', externalId: '100001', apps: [{ name: 'Mail' }, { name: 'Wiki' }] },
    ]);
    expect((await world.vendors.onelogin.calls()).map(({ path }) => path)).toEqual([
      '/api/1/users/100001',
      '/api/1/users/100001/apps',
    ]);
    expect((await world.vendors.learn.ledger()).map(({ path }) => path)).toEqual([
      '/rest/v1/users/ref/EMP-00001',
    ]);
    expect(await world.vendors.vpn.calls()).toEqual([]);
  });

  test('a deletion: what cannot be verified is an exception, and devices stay claimed', async () => {
    const erasure = await erase(world.admin, world.id(1));
    expect(erasure.state).toBe('COMPLETED_WITH_EXCEPTIONS');
    expect(taskAt(erasure, 'vpn')).toMatchObject({
      presence: 'UNCONFIRMED',
      outcome: 'SOFT_DELETED',
      verdict: 'UNVERIFIABLE',
    });
    expect(await world.vendors.onelogin.deletes()).toEqual(['/api/1/users/100001']);
    expect((await world.vendors.particle.deletes()).some((path) => path.endsWith('/owner'))).toBe(false);
  });

  test('a lost answer where nobody can look: not repeated, and not called deleted', async () => {
    await world.vendors.vpn.fault({ kind: 'RESET_AFTER', method: 'DELETE' });
    const id = await requestErasure(world.admin, world.id(6));
    await waitsFor(world.admin, id, 'NEEDS_REVIEW');
    await resolve(world.admin, id, 'vpn', 'SKIP');
    const erasure = await ended(world.admin, id);
    expect(taskAt(erasure, 'vpn')).toMatchObject({
      state: 'FAILED',
      outcome: null,
      errorCode: 'OUTCOME_UNKNOWN',
    });
    expect(erasure.state).toBe('PARTIAL');
    expect(await world.vendors.vpn.deletes()).toHaveLength(2);
  });
});

describe('OneLogin with care', () => {
  let world: World;
  const owner = 100_003;

  beforeAll(async () => {
    world = await startWorld(
      {},
      { onelogin: { credentialOwner: owner, suspendFirst: true, bearer: 'Bearer ' } },
    );
  });

  afterAll(() => world.close());

  test('suspends a user before it deletes one', async () => {
    const erasure = await erase(world.admin, world.id(1), { integrationIds: ['onelogin'] });
    expect(erasure.state).toBe('COMPLETED');
    const changes = (await world.vendors.onelogin.calls()).filter(({ method }) => method !== 'GET');
    expect(changes.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'PUT /api/2/users/100001',
      'DELETE /api/2/users/100001',
    ]);
  });

  test('never deletes the user who owns its credential, planned or not', async () => {
    const { erasurePlan } = await world.admin.data(
      'query ($id: ID!) { erasurePlan(customerId: $id) { blockers { code } } }',
      { id: world.id(3) },
    );
    expect(erasurePlan.blockers).toEqual([{ code: 'CREDENTIAL_OWNER' }]);
    await world.vendors.onelogin.fault({ kind: 'STATUS', status: 503, method: 'GET', times: 1 });
    const erasure = await erase(world.admin, world.id(3), { integrationIds: ['onelogin'] });
    expect(taskAt(erasure, 'onelogin')).toMatchObject({
      presence: 'UNREACHABLE',
      state: 'BLOCKED',
      errorCode: 'BLOCKER',
    });
    expect(await world.vendors.onelogin.deletes()).not.toContain(`/api/2/users/${owner}`);
  });
});

describe.each(['bearer ', 'Bearer ', 'bearer:', 'bearer: '])('OneLogin with the spelling %j', (bearer) => {
  test('is understood', async () => {
    const world = await startWorld({}, { onelogin: { bearer } });
    const { integrations } = await world.admin.data('{ integrations { id health { authenticated } } }');
    expect(integrations.find((one: { id: string }) => one.id === 'onelogin').health).toEqual({
      authenticated: true,
    });
    await world.close();
  });
});

describe('keys that would find other people', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld();
  });

  afterAll(() => world.close());

  test.each(['*', '*@example.com', '!ben.abel.1@example.com'])(
    'the e-mail %s is never sent',
    async (email) => {
      const customer = { email, name: null, managerId: null, testCustomer: true };
      const [id] = await world.gateway.store.transaction((tx) =>
        insertCustomers(tx, [customer], { actor: GATEWAY }, new Date()),
      );
      const { erasurePlan } = await world.admin.data(
        'query ($id: ID!) { erasurePlan(customerId: $id) { items { presence integration { id } } } }',
        { id: Buffer.from(`Customer:${id}`).toString('base64url') },
      );
      const presence = erasurePlan.items.find(
        (item: { integration: { id: string } }) => item.integration.id === 'onelogin',
      );
      expect(presence.presence).toBe('NOT_LINKED');
      expect(await world.vendors.onelogin.calls()).toEqual([]);
    },
  );
});
