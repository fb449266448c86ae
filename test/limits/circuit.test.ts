import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ended, requestErasure, taskAt } from '../support/erasures.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld({ pace: (ms) => Math.min(ms / 100, 300) });
});

afterAll(() => world.close());

const circuitAt = async (id: string): Promise<string> => {
  const { integrations } = await world.admin.data(
    '{ integrations { id traffic { circuit running waiting } } }',
  );
  return integrations.find((one: { id: string }) => one.id === id).traffic.circuit;
};

const ask = (number: number): Promise<unknown> =>
  world.admin.data(
    `query ($id: ID!) { customer(id: $id) { accounts(integrationIds: ["learn"]) { ... on AccountFailure { code } } } }`,
    { id: world.id(number) },
  );

describe('a provider that fails five times in a row', () => {
  beforeAll(async () => {
    await world.vendors.learn.fault({ kind: 'STATUS', status: 503 });
    for (let number = 1; number <= 5; number++) await ask(number);
  });

  test('is shown with an open circuit and not called, and asked again after a pause', async () => {
    expect(await circuitAt('learn')).toBe('OPEN');
    await world.vendors.learn.forget();
    const answer = await ask(6);
    expect(answer).toEqual({ customer: { accounts: [{ code: 'UNAVAILABLE' }] } });
    expect(await world.vendors.learn.calls()).toEqual([]);
    expect(await circuitAt('particle')).toBe('CLOSED');
  });

  test('has its deletions wait, and say so, until it is back', async () => {
    const id = await requestErasure(world.admin, world.id(1), { integrationIds: ['learn'] });
    const events = await world.admin.watch(
      `subscription ($id: ID!) { erasureProgress(erasureId: $id) { waitingReason } }`,
      { id },
      (results) => results.at(-1)?.data?.erasureProgress.waitingReason === 'CIRCUIT',
    );
    expect(events.length).toBeGreaterThan(0);
    await world.vendors.learn.fault();
    const erasure = await ended(world.admin, id);
    expect(taskAt(erasure, 'learn')).toMatchObject({ outcome: 'REDACTED', verdict: 'VERIFIED_REDACTED' });
    expect(await circuitAt('learn')).toBe('CLOSED');
    expect(await world.vendors.learn.deletes()).toHaveLength(1);
  });
});

describe('an integration that waits for its provider', () => {
  test('does not hold the others up', async () => {
    await world.vendors.vpn.fault({ kind: 'HANG' });
    const started = performance.now();
    const hanging = Promise.allSettled(Array.from({ length: 30 }, (_, i) => slow(i + 10)));
    expect(await ask(8)).toMatchObject({ customer: { accounts: [{}] } });
    expect(performance.now() - started).toBeLessThan(2_000);
    const { integrations } = await world.admin.data('{ integrations { id traffic { running waiting } } }');
    const { traffic } = integrations.find((one: { id: string }) => one.id === 'vpn');
    expect(traffic.running).toBe(16);
    expect(traffic.waiting).toBeGreaterThan(0);
    void hanging; // they end with the world
  });

  const slow = async (number: number): Promise<void> => {
    await world.admin.send(
      `query ($id: ID!) { customer(id: $id) { accounts(integrationIds: ["vpn"]) { __typename } } }`,
      { id: world.id(number) },
    );
  };
});
