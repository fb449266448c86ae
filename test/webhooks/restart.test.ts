import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type Gateway } from '../../src/server.ts';
import type { WebhookEndpoint } from '../../src/webhooks/endpoint.ts';
import { TEST_GATEWAY } from '../support/gateway-options.ts';
import { Api, type GraphqlAnswer } from '../support/api.ts';
import { mintToken } from '../support/tokens.ts';
import { Receiver } from './receiver.ts';

let folder: string;
let receiver: Receiver;
let gateway: Gateway;
let admin: Api;

async function start(webhooks: readonly WebhookEndpoint[]): Promise<void> {
  gateway = await startGateway({
    ...TEST_GATEWAY,
    store: { folder },
    integrations: [],
    webhooks,
    log: pino({ level: 'silent' }),
    pace: (ms) => Math.min(ms, 200),
  });
  admin = new Api(gateway.url, await mintToken({ role: 'ADMIN' }));
}

const AT_ONCE = 8;

/** Makes as many events as are sent at the same time. */
async function makeEvents(): Promise<void> {
  for (let i = 0; i < AT_ONCE; i++)
    await admin.data('mutation { resumeErasures(input: { reason: "x" }) { __typename } }');
}

const QUERY = '{ webhookDeliveries { edges { node { id eventId state attempts lastStatus lastError } } } }';

/** All deliveries, once each is as it should be. */
async function deliveries(
  enough: (node: GraphqlAnswer['data']) => boolean,
): Promise<GraphqlAnswer['data'][]> {
  for (;;) {
    const { webhookDeliveries } = await admin.data(QUERY);
    const nodes = webhookDeliveries.edges.map(({ node }: { node: object }) => node);
    if (nodes.length >= AT_ONCE && nodes.every(enough)) return nodes;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'customer-gateway-webhooks-'));
  receiver = await Receiver.start('receiver', () => {});
});

afterAll(async () => {
  await receiver.close();
  rmSync(folder, { recursive: true });
});

test('a gateway that is stopped amid calls, and again amid waits, delivers when it is started again', async () => {
  await start([receiver.endpoint]);
  await makeEvents();
  await receiver.until(({ length }) => length === AT_ONCE);
  await gateway.stop();

  receiver.reply = (response) => response.writeHead(503, { 'retry-after': '2' }).end();
  await start([receiver.endpoint]);
  await deliveries(({ lastStatus }) => lastStatus === 503);
  await gateway.stop();

  receiver.reply = (response) => response.writeHead(204).end();
  await start([receiver.endpoint]);
  const delivered = await deliveries(({ state }) => state === 'DELIVERED');
  await gateway.stop();
  const ids = delivered.map(({ eventId }) => eventId);
  expect(new Set(receiver.messages.map(({ id }) => id))).toEqual(new Set(ids));
  expect(receiver.events.every(({ type }) => type === 'erasures.resumed')).toBe(true);
}, 60_000);

test('an event whose endpoint is configured no more is given up, and is not begun anew', async () => {
  receiver.reply = (response) => response.writeHead(500).end();
  await start([receiver.endpoint]);
  const before = receiver.messages.length;
  await admin.data('mutation { pauseErasures(input: { reason: "x" }) { __typename } }');
  await receiver.until(({ length }) => length > before);
  await gateway.stop();

  await start([]);
  const ended = await deliveries(({ state }) => state !== 'PENDING');
  const { id, state, attempts, lastError } = ended.at(-1);
  expect({ state, lastError }).toEqual({ state: 'DEAD', lastError: 'The endpoint is no longer configured.' });
  expect(attempts).toBeLessThanOrEqual(receiver.messages.length - before + 1);
  const again = `mutation { redeliverWebhook(input: { deliveryId: "${id}" }) { __typename } }`;
  expect((await admin.data(again)).redeliverWebhook.__typename).toBe('WebhookEndpointGoneError');
  expect((await deliveries(() => true)).at(-1)).toMatchObject({ state: 'DEAD', attempts });
  await gateway.stop();
}, 60_000);
