import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GraphqlAnswer } from '../support/api.ts';
import { erase } from '../support/erasures.ts';
import { startWorld, type World } from '../support/world.ts';
import { Receiver, type Reply } from './receiver.ts';

const DEADLINE_MS = 1_000;
const TRIES = 10;

const status =
  (code: number, headers: Record<string, string> = {}): Reply =>
  (response) =>
    response.writeHead(code, headers).end('a body that nobody reads');

const replies = {
  flaky: (response, nth) => response.writeHead(nth < 3 ? 500 : 200).end(),
  dead: status(500),
  gone: status(410),
  redirecting: (response, nth) =>
    nth === 1 ? response.writeHead(307, { location: '/hooks' }).end() : response.writeHead(200).end(),
  throttling: (response, nth) => response.writeHead(nth === 1 ? 429 : 204, { 'retry-after': '3' }).end(),
  hanging: (response, nth) => void (nth === 2 && response.writeHead(200).end()),
  dripping: (response) => void response.writeHead(200).write('{'),
} satisfies Record<string, Reply>;

type Name = keyof typeof replies;

/** Events are made by hand, for all or for two: what arrives is what a test has caused. */
const typesOf = (name: string): string[] =>
  name === 'hanging' || name === 'flaky' ? ['hold.placed', 'erasures.resumed'] : ['hold.placed'];

const QUERY = `query ($state: WebhookDeliveryState, $endpointId: ID, $first: Int, $after: String) {
  webhookDeliveries(state: $state, endpointId: $endpointId, first: $first, after: $after) {
    edges { node { id eventId endpointId type state attempts nextTryAt lastStatus lastError } }
    pageInfo { hasNextPage endCursor }
  }
}`;

const REDELIVER = `mutation ($id: ID!) { redeliverWebhook(input: { deliveryId: $id }) {
  __typename
  ... on RedeliverWebhookPayload { delivery { id state attempts } }
  ... on Error { message }
} }`;

let world: World;
let receivers: Record<Name, Receiver>;

/** Deliveries to an endpoint, once they are as they should be. */
async function deliveries(
  endpointId: Name,
  enough: (nodes: GraphqlAnswer['data'][]) => boolean,
): Promise<GraphqlAnswer['data'][]> {
  for (;;) {
    const { webhookDeliveries } = await world.admin.data(QUERY, { endpointId });
    const nodes = webhookDeliveries.edges.map(({ node }: { node: object }) => node);
    if (enough(nodes)) return nodes;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const ended = (nodes: GraphqlAnswer['data'][]): boolean =>
  nodes.length > 0 && nodes.every(({ state }) => state !== 'PENDING');

beforeAll(async () => {
  const started = Object.entries(replies).map(
    async ([name, reply]) => [name, await Receiver.start(name, reply, typesOf(name))] as const,
  );
  receivers = Object.fromEntries(await Promise.all(started)) as Record<Name, Receiver>;
  const webhooks = Object.values(receivers).map(({ endpoint }) => endpoint);
  const pace = (ms: number): number => (ms === 15_000 ? DEADLINE_MS : Math.min(ms / 100, 20));
  world = await startWorld({ webhooks, pace });
  await world.admin.data(
    'mutation ($id: ID!) { placeHold(input: { customerId: $id, ground: "a test" }) { __typename } }',
    { id: world.id(3) },
  );
});

afterAll(async () => {
  await world.close();
  await Promise.all(Object.values(receivers).map((receiver) => receiver.close()));
});

const only = (name: Name): string => {
  const ids = new Set(receivers[name].messages.map(({ id }) => id));
  expect(ids.size).toBe(1);
  return [...ids][0]!;
};

describe('a receiver that', () => {
  test('fails twice and then accepts gets the same message three times, signed anew', async () => {
    const [delivery] = await deliveries('flaky', ended);
    expect(delivery).toMatchObject({ state: 'DELIVERED', attempts: 3, lastStatus: 200, lastError: null });
    expect(delivery.eventId).toBe(only('flaky'));
    expect(receivers.flaky.events).toHaveLength(3);
    expect(new Set(receivers.flaky.messages.map(({ body }) => body)).size).toBe(1);
  });

  test('does not answer is tried again after the deadline', async () => {
    const [delivery] = await deliveries('hanging', ended);
    expect(delivery).toMatchObject({ state: 'DELIVERED', attempts: 2 });
    const [first, second] = receivers.hanging.messages;
    expect(second!.at.getTime() - first!.at.getTime()).toBeGreaterThanOrEqual(DEADLINE_MS / 2);
    only('hanging');
  });

  test('accepts and then drips its body for ever has accepted', async () => {
    const [delivery] = await deliveries('dripping', ended);
    expect(delivery).toMatchObject({ state: 'DELIVERED', attempts: 1 });
  });

  test('redirects is not followed', async () => {
    const [delivery] = await deliveries('redirecting', ended);
    expect(delivery).toMatchObject({ state: 'DELIVERED', attempts: 2 });
    const paths = receivers.redirecting.messages.map(({ path }) => path);
    expect(paths).toEqual(['/hooks?of=redirecting', '/hooks?of=redirecting']);
  });

  test('asks to be left alone for a while is', async () => {
    const [delivery] = await deliveries('throttling', ended);
    expect(delivery).toMatchObject({ state: 'DELIVERED', attempts: 2 });
    const [first, second] = receivers.throttling.messages;
    expect(second!.at.getTime() - first!.at.getTime()).toBeGreaterThanOrEqual(2_950);
  });

  test('says that it is gone is not tried again, until the next event', async () => {
    const [delivery] = await deliveries('gone', ended);
    expect(delivery).toMatchObject({ state: 'DEAD', attempts: 1, lastStatus: 410, nextTryAt: null });
    expect(receivers.gone.messages).toHaveLength(1);
  });

  test('never accepts ends in the dead-letter list', async () => {
    await deliveries('dead', ended);
    const { webhookDeliveries } = await world.admin.data(QUERY, { state: 'DEAD' });
    const dead = webhookDeliveries.edges.map(({ node }: { node: object }) => node);
    expect(dead.map((node: { endpointId: string }) => node.endpointId).toSorted()).toEqual(['dead', 'gone']);
    expect(dead).toContainEqual(
      expect.objectContaining({
        endpointId: 'dead',
        attempts: TRIES,
        lastStatus: 500,
        lastError: 'It answered 500.',
        nextTryAt: null,
      }),
    );
    expect(receivers.dead.messages).toHaveLength(TRIES);
  });

  test('is down slows no erasure and no other receiver', async () => {
    receivers.hanging.reply = () => {};
    const count = 12;
    for (let i = 0; i < count; i++)
      await world.admin.data('mutation { resumeErasures(input: { reason: "a test" }) { __typename } }');
    await receivers.flaky.until((events) => events.length === 3 + count);
    expect((await erase(world.admin, world.id(1))).state).toBe('COMPLETED');
    const waiting = await deliveries('hanging', (nodes) => nodes.length === 1 + count);
    expect(waiting.filter(({ state }) => state !== 'DELIVERED')).toHaveLength(count);
    receivers.hanging.reply = (response) => response.writeHead(200).end();
    await deliveries('hanging', ended);
  });
});

describe('a delivery that was given up', () => {
  test('is begun anew by who may override guards, under the same id, and that is written down', async () => {
    const [{ id, eventId }] = await deliveries('dead', ended);
    receivers.dead.reply = (response) => response.writeHead(202).end();
    const before = receivers.dead.messages.length;
    const { redeliverWebhook } = await world.admin.data(REDELIVER, { id });
    expect(redeliverWebhook).toEqual({
      __typename: 'RedeliverWebhookPayload',
      delivery: { id, state: 'PENDING', attempts: 0 },
    });
    const [again] = await deliveries('dead', ended);
    expect(again).toMatchObject({ id, state: 'DELIVERED', attempts: 1, lastStatus: 202 });
    expect(receivers.dead.messages.slice(before).map((message) => message.id)).toContain(eventId);
    const { auditLog } = await world.admin.data(
      '{ auditLog(last: 1) { edges { node { action actor role details } } } }',
    );
    const entry = auditLog.edges[0].node;
    expect(entry.details).toEqual({ deliveryId: Number(id), endpointId: 'dead', eventId });
    expect(entry).toMatchObject({ action: 'webhook.redelivered', actor: 'ADMIN', role: 'ADMIN' });
  });

  test('is not when there is none, or not to whoever may not', async () => {
    const { redeliverWebhook } = await world.admin.data(REDELIVER, { id: '999999' });
    expect(redeliverWebhook.__typename).toBe('WebhookDeliveryNotFoundError');
    const bad = await world.admin.send(REDELIVER, { id: 'x' });
    expect(bad.errors[0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
    const master = await world.as({ role: 'MASTER' });
    const refused = await master.send(REDELIVER, { id: '1' });
    expect(refused.errors[0]!.extensions).toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('the list of deliveries', () => {
  test('is read page by page, in the order of the events', async () => {
    const ids: number[] = [];
    let after: string | null = null;
    do {
      const { webhookDeliveries } = await world.admin.data(QUERY, { first: 4, after });
      ids.push(...webhookDeliveries.edges.map(({ node }: { node: { id: string } }) => Number(node.id)));
      after = webhookDeliveries.pageInfo.hasNextPage ? webhookDeliveries.pageInfo.endCursor : null;
    } while (after !== null);
    expect(ids.length).toBeGreaterThan(8);
    expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
  });

  test('is for who has the scope, and empty for a reseller: it tells of others', async () => {
    const reseller = await world.as({ role: 'RESALE', manager: 'glacier' });
    expect((await reseller.data(QUERY)).webhookDeliveries.edges).toEqual([]);
    const without = await world.as({ role: 'ADMIN', scopes: ['customers:read'] });
    expect((await without.send(QUERY)).errors[0]!.extensions).toMatchObject({ code: 'FORBIDDEN' });
  });

  test('forgets those that ended 30 days ago, once something happens', async () => {
    const { db } = world.gateway.store;
    const before = await deliveries('flaky', ended);
    const aged = new Date(Date.now() - 30 * 24 * 3_600_000 - 60_000);
    const [kept] = before;
    await db
      .updateTable('webhook_delivery')
      .set({ finished_at: aged })
      .where('id', '<>', Number(kept.id))
      .execute();
    await world.admin.data('mutation { resumeErasures(input: { reason: "a test" }) { __typename } }');
    const after = await deliveries('flaky', (nodes) => nodes.length === 2 && ended(nodes));
    expect(after[0]).toEqual(kept);
    expect(before.map(({ id }) => id)).not.toContain(after[1].id);
  });
});
