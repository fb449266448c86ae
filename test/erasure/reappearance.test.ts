import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../../src/sandbox/people.ts';
import { AUDIT } from '../support/documents.ts';
import { ended } from '../support/erasures.ts';
import {
  allReappearances,
  erased,
  peopleEverywhere,
  reappearances,
  register,
  restore,
  round,
  startSweptWorld,
  type LearnState,
} from '../support/sweeps.ts';
import type { World } from '../support/world.ts';

let world: World;

const resolve = async (mutation: string, reappearanceId: string, reason = 'a test', api = world.admin) =>
  (
    await api.data(
      `mutation ($input: ResolveReappearanceInput!) { ${mutation}(input: $input) {
        __typename
        ... on ReappearancePayload { reappearance { resolution externalId newErasure { id } } }
        ... on ReappearanceResolvedError { reappearance { resolution } }
        ... on InvalidInputError { issues { path } }
      } }`,
      { input: { reappearanceId, reason } },
    )
  )[mutation];

const actionsOf = async (erasureId: string): Promise<string[]> => {
  const { auditLog } = await world.admin.data(AUDIT, { erasureId, first: 100 });
  return auditLog.edges.map(({ node }: { node: { action: string } }) => node.action);
};

describe('a re-appearance', () => {
  let person: Person;
  let erasureId: string;
  let id: string;

  beforeAll(async () => {
    world = await startSweptWorld();
    person = peopleEverywhere(world)[0]!;
    erasureId = await erased(world, person);
    await restore(world, person);
    await round(world);
    id = (await reappearances(world.admin, erasureId))[0].id;
  });

  afterAll(() => world.close());

  const isHeld = async (): Promise<boolean> =>
    (await world.vendors.learn.state<LearnState>()).users.some(({ ref }) => ref === person.learn!.ref);

  test('is nothing to a reseller with other customers', async () => {
    const manager = person.manager === 'glacier' ? 'meadow' : 'glacier';
    const reseller = await world.as({ role: 'RESALE', manager });
    expect(await reappearances(reseller, erasureId)).toEqual([]);
    for (const mutation of ['eraseAgain', 'dismissReappearance'])
      expect(await resolve(mutation, id, 'a test', reseller)).toEqual({
        __typename: 'ReappearanceNotFoundError',
      });
  });

  test('needs the scope, and a reason', async () => {
    const reader = await world.as({ role: 'ADMIN', scopes: ['customers:read'] });
    const refused = await reader.send(
      'mutation ($id: ID!) { eraseAgain(input: { reappearanceId: $id, reason: "x" }) { __typename } }',
      { id },
    );
    expect(refused.errors[0]!.extensions).toMatchObject({ code: 'FORBIDDEN' });
    const deleter = await world.as({ role: 'ADMIN', scopes: ['customers:delete'] });
    const empty = await resolve('eraseAgain', id, ' ', deleter);
    expect(empty).toEqual({ __typename: 'InvalidInputError', issues: [{ path: 'reason' }] });
  });

  test('is not erased again while the account is a customer of today', async () => {
    const today = await register(world.admin, person.email);
    expect(await resolve('eraseAgain', id)).toEqual({ __typename: 'AccountLinkedError' });
    expect(await isHeld()).toBe(true);
    const { customers } = await world.admin.data('{ customers(first: 100) { edges { node { email } } } }');
    const nameless = customers.edges.filter(({ node }: { node: { email: string | null } }) => !node.email);
    expect(nameless).toEqual([]);
    await world.gateway.store.pool.query('delete from customer where id = $1', [
      Buffer.from(today, 'base64url').toString().split(':')[1],
    ]);
  });

  test('is erased again, and raised again when that did not last', async () => {
    const { __typename, reappearance } = await resolve('eraseAgain', id);
    expect(__typename).toBe('ReappearancePayload');
    expect(reappearance).toMatchObject({ resolution: 'ERASED_AGAIN', externalId: null });
    const again = await ended(world.admin, reappearance.newErasure.id);
    expect(again.state).toBe('COMPLETED');
    expect(again.tasks).toMatchObject([{ integrationId: 'learn', verdict: 'VERIFIED_REDACTED' }]);
    expect(await isHeld()).toBe(false);
    expect(await actionsOf(erasureId)).toContain('reappearance.erased_again');
    const twice = await resolve('eraseAgain', id);
    expect(twice).toEqual({
      __typename: 'ReappearanceResolvedError',
      reappearance: { resolution: 'ERASED_AGAIN' },
    });

    await restore(world, person);
    await round(world);
    expect(await reappearances(world.admin, erasureId)).toHaveLength(1);
    const raised = await reappearances(world.admin, reappearance.newErasure.id);
    expect(raised).toMatchObject([{ integrationId: 'learn', resolution: null }]);
    id = raised[0].id;
    erasureId = reappearance.newErasure.id;
  });

  test('is dismissed, and not raised again', async () => {
    const { reappearance } = await resolve('dismissReappearance', id, 'it is a twin');
    expect(reappearance).toEqual({ resolution: 'DISMISSED', externalId: null, newErasure: null });
    await round(world);
    expect(await reappearances(world.admin, erasureId)).toHaveLength(1);
    expect(await isHeld()).toBe(true);
    expect(await actionsOf(erasureId)).toContain('reappearance.dismissed');
    expect(await allReappearances(world.admin, true)).toHaveLength(2);
  });
});
