import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AUDIT, PROGRESS } from './support/documents.ts';
import { ended, requestErasure } from './support/erasures.ts';
import { startWorld, type World } from './support/world.ts';

let world: World;
let erasureId: string;

beforeAll(async () => {
  world = await startWorld();
  erasureId = await requestErasure(world.admin, world.id(1));
});

afterAll(() => world.close());

interface Event {
  sequence: number;
  action: string;
  integrationId: string | null;
  outcome: string | null;
  verdict: string | null;
}

async function events(after: number, enough?: (results: unknown[]) => boolean): Promise<Event[]> {
  const results = await world.admin.watch(PROGRESS, { id: erasureId, after }, enough);
  return results.map(({ data }) => data.erasureProgress);
}

describe('the progress of an erasure', () => {
  test('is everything that happens, numbered without gaps, until it ends', async () => {
    const all = await events(0);
    expect(all.map(({ sequence }) => sequence)).toEqual(all.map((_, i) => i + 1));
    expect(all[0]!.action).toBe('erasure.requested');
    expect(all.at(-1)!.action).toBe('erasure.completed');
    const actions = all.map(({ action }) => action);
    expect(actions.indexOf('erasure.irreversible')).toBeLessThan(actions.indexOf('erasure.verifying'));
  });

  test('never says an outcome before a look has shown it', async () => {
    const early = (await events(0)).filter(({ outcome, verdict }) => outcome !== null && verdict === null);
    expect(early).toEqual([]);
  });

  test('resumes after any number, losing and repeating nothing', async () => {
    const all = await events(0);
    for (const stop of [1, 5, all.length - 1]) {
      const before = await events(0, (results) => results.length >= stop);
      const after = await events(before.at(-1)!.sequence);
      expect([...before, ...after]).toEqual(all);
    }
  });

  test('is the audit log of the erasure', async () => {
    const { auditLog } = await world.admin.data(AUDIT, { erasureId, first: 100 });
    const logged = auditLog.edges.map(({ node }: { node: Event }) => [
      node.sequence,
      node.action,
      node.integrationId,
    ]);
    expect(logged).toEqual(
      (await events(0)).map((event) => [event.sequence, event.action, event.integrationId]),
    );
  });

  test('names nobody in the audit log', async () => {
    await ended(world.admin, erasureId);
    const { auditLog } = await world.admin.data(AUDIT, { erasureId, first: 100 });
    const text = JSON.stringify(auditLog);
    const { email, name, engagelab, learn, vpn } = world.person(1);
    for (const secret of [email, name, engagelab!.registrationId, learn!.ref, vpn!.userId, '100001']) {
      expect(text).not.toContain(secret);
    }
  });
});
