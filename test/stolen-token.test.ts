import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { people } from '../src/sandbox/people.ts';
import type { Api } from './support/api.ts';
import { preview, deleteMany } from './support/bulks.ts';
import { DELETE } from './support/documents.ts';
import { startWorld, type World } from './support/world.ts';
import { Receiver } from './webhooks/receiver.ts';

const EVERYONE = 60;
const MOST = 12;
const VENDORS_THINK_MS = 1_000;

let world: World;
let guards: Receiver;
let stolen: Api;

beforeAll(async () => {
  guards = await Receiver.start('guards', undefined, ['cap.reached', 'erasures.paused']);
  const caps = { perHour: { ADMIN: MOST, MASTER: 50, RESALE: 20 }, sharePerDay: 1 };
  world = await startWorld({ caps, webhooks: [guards.endpoint] }, {}, { population: people(EVERYONE) });
  stolen = await world.as({ role: 'ADMIN', subject: 'stolen' });
});

afterAll(async () => {
  await world.close();
  await guards.close();
});

const deletes = async (): Promise<number> =>
  (await Promise.all(Object.values(world.vendors).map((vendor) => vendor.deletes()))).flat().length;

const created = async (): Promise<number> => {
  const { erasures } = await world.admin.data('{ erasures(first: 100) { edges { node { id } } } }');
  return erasures.edges.length;
};

interface Entry {
  action: string;
  actor: string;
  customerId: string | null;
}

const PAGE = `query ($after: String) { auditLog(first: 100, after: $after) {
  edges { node { action actor customerId } } pageInfo { endCursor hasNextPage }
} }`;

async function wholeLog(after: string | null = null): Promise<Entry[]> {
  const { edges, pageInfo } = (await world.admin.data(PAGE, { after })).auditLog;
  const entries = edges.map(({ node }: { node: Entry }) => node);
  return pageInfo.hasNextPage ? [...entries, ...(await wholeLog(pageInfo.endCursor))] : entries;
}

test(
  'a stolen ADMIN token that asks for everyone gets as far as the cap, raises the alarm, and is stopped',
  { timeout: 120_000 },
  async () => {
    for (const vendor of Object.values(world.vendors))
      await vendor.fault({ kind: 'LATENCY', method: 'DELETE', ms: VENDORS_THINK_MS });
    const everyone = Array.from({ length: EVERYONE }, (_, index) => world.id(index + 1));

    const one = (customerId: string) => stolen.data(DELETE, { input: { customerId, reason: 'mine now' } });
    const answers = await Promise.all(everyone.slice(0, 30).map(one));
    const refused = answers.filter(({ deleteCustomer }) => deleteCustomer.__typename === 'ErasureCapError');
    expect(refused.length).toBeGreaterThanOrEqual(30 - MOST - 2); // two may be blocked for other reasons

    const rest = { customerIds: everyone.slice(30) };
    const bulk = (await deleteMany(stolen, rest, (await preview(stolen, rest)).hash)).bulk;
    await stolen.watch(
      `subscription ($id: ID!) { bulkProgress(bulkId: $id) { counts { pending } } }`,
      bulk,
      (seen) => seen.at(-1)?.data?.bulkProgress.counts.pending === 0,
    );
    expect(await created()).toBe(MOST);

    const [alarm] = await guards.until((events) => events.length > 0);
    expect(alarm).toMatchObject({ type: 'cap.reached', data: { cap: 'ROLE_PER_HOUR', role: 'ADMIN' } });

    await world.admin.data(
      'mutation { pauseErasures(input: { reason: "a token was stolen" }) { __typename } }',
    );
    await setTimeout(2 * VENDORS_THINK_MS); // what a vendor has begun is not taken back
    const halted = await deletes();
    const perPerson = 5;
    expect(halted).toBeLessThan(MOST * perPerson);
    await setTimeout(VENDORS_THINK_MS);
    expect(await deletes()).toBe(halted);

    const log = await wholeLog();
    const pausedAt = log.findIndex(({ action }) => action === 'erasures.paused');
    const afterwards = log.slice(pausedAt).map(({ action }) => action);
    expect(pausedAt).toBeGreaterThan(0);
    expect(afterwards).not.toContain('attempt.started');
    const refusals = log.filter(({ action, actor }) => action === 'erasure.refused' && actor === 'stolen');
    expect(new Set(refusals.map(({ customerId }) => customerId)).size).toBe(EVERYONE - MOST);

    const alarms = guards.messages.filter(({ body }) => body.includes('"cap.reached"'));
    expect(new Set(alarms.map(({ id }) => id)).size).toBe(1); // a receiver that is slow is told again
  },
);
