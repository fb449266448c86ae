import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../../src/sandbox/people.ts';
import { AUDIT } from '../support/documents.ts';
import { ended, erase, taskAt } from '../support/erasures.ts';
import { secretsIn } from '../support/spellings.ts';
import {
  allReappearances,
  erased,
  peopleEverywhere,
  reappearances,
  register,
  restore,
  round,
  startSweptWorld,
  sweptAt,
  sync,
} from '../support/sweeps.ts';
import type { World } from '../support/world.ts';

let world: World;
let everywhere: Person[];

beforeAll(async () => {
  world = await startSweptWorld();
  everywhere = peopleEverywhere(world);
});

afterAll(() => world.close());

const next = (): Person => everywhere.pop()!;

describe('an account of somebody who was erased', () => {
  test('is raised when a provider holds it again, once, and the erasure says so', async () => {
    const person = next();
    const erasureId = await erased(world, person);
    await restore(world, person);
    await round(world);
    const [raised, another] = await reappearances(world.admin, erasureId);
    expect(another).toBeUndefined();
    expect(raised).toMatchObject({
      integrationId: 'learn',
      externalId: person.learn!.ref,
      matchedBy: 'ACCOUNT',
      resolution: null,
    });
    const erasure = await ended(world.admin, erasureId);
    expect(erasure.state).toBe('COMPLETED_WITH_EXCEPTIONS');
    expect(taskAt(erasure, 'learn').verdict).toBe('REAPPEARED');
    expect(taskAt(erasure, 'onelogin').verdict).toBe('VERIFIED_ABSENT');

    await round(world);
    expect(await reappearances(world.admin, erasureId)).toHaveLength(1);
    const { auditLog } = await world.admin.data(AUDIT, { erasureId, first: 100 });
    const told = auditLog.edges.filter(
      ({ node }: { node: { action: string } }) => node.action === 'account.reappeared',
    );
    expect(told).toHaveLength(1);
    expect(secretsIn(JSON.stringify(told), [person.email, person.learn!.ref, person.name])).toEqual([]);
  });

  test('is raised under another id, by the e-mail address', async () => {
    const person = next();
    const erasureId = await erased(world, person);
    await sync(world, 800_001, person.email.toUpperCase());
    await round(world);
    expect(await reappearances(world.admin, erasureId)).toMatchObject([
      { integrationId: 'onelogin', externalId: '800001', matchedBy: 'EMAIL' },
    ]);
  });

  test('is no matter when somebody else has come, or when the person is a customer again', async () => {
    const person = next();
    const erasureId = await erased(world, person);
    await sync(world, 800_002, 'newcomer@example.com');
    const today = await register(world.admin, person.email);
    expect(today).not.toBe(world.id(person.number));
    await sync(world, 800_003, person.email);
    await round(world);
    expect(await reappearances(world.admin, erasureId)).toEqual([]);
    expect(await allReappearances(world.admin)).toHaveLength(2);
    const { customer } = await world.admin.data(
      'query ($id: ID!) { customer(id: $id) { email erasedAt links { __typename } } }',
      { id: world.id(person.number) },
    );
    expect(customer).toEqual({ email: null, erasedAt: expect.any(String), links: [] });
  });

  test('is raised although another integration is down', async () => {
    const person = next();
    const erasureId = await erased(world, person);
    await round(world);
    await world.vendors.learn.fault({ kind: 'STATUS', status: 503, path: '/rest/v1/users' });
    await sync(world, 800_004, person.email);
    await round(world, ['onelogin']);
    expect(await reappearances(world.admin, erasureId)).toHaveLength(1);
    const { learn, onelogin } = await sweptAt(world);
    expect(onelogin).toBeGreaterThan(learn!);
    await world.vendors.learn.fault();
    await round(world);
  });
});

test('an address that only a reseller vouches for is not the fingerprint of anybody', async () => {
  const reseller = await world.as({ role: 'RESALE', manager: 'glacier' });
  const email = 'victim@example.com';
  const today = await register(reseller, email);
  await sync(world, 800_005, email);
  const { id } = await erase(reseller, today);
  await round(world);
  expect(await reappearances(world.admin, id)).toEqual([]);
});
