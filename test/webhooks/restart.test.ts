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

const pause = (): Promise<unknown> => admin.data('mutation { pauseErasures(reason: "x") { __typename } }');

const QUERY = '{ webhookDeliveries { edges { node { id eventId state attempts lastStatus lastError } } } }';

async function delivery(enough: (node: GraphqlAnswer['data']) => boolean): Promise<GraphqlAnswer['data']> {
  for (;;) {
    const { webhookDeliveries } = await admin.data(QUERY);
    const node = webhookDeliveries.edges.at(-1)?.node;
    if (enough(node)) return node;
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

test('a gateway that is stopped amid a call, and again amid a wait, delivers when it is started again', async () => {
  await start([receiver.endpoint]);
  await pause();
  await receiver.until(({ length }) => length === 1);
  await gateway.stop();

  receiver.reply = (response) => response.writeHead(503, { 'retry-after': '2' }).end();
  await start([receiver.endpoint]);
  await delivery((node) => node?.lastStatus === 503);
  await gateway.stop();

  receiver.reply = (response) => response.writeHead(204).end();
  await start([receiver.endpoint]);
  const { eventId } = await delivery((node) => node?.state === 'DELIVERED');
  await gateway.stop();
  expect(new Set(receiver.messages.map(({ id }) => id))).toEqual(new Set([eventId]));
  expect(receiver.events.every(({ type }) => type === 'erasures.paused')).toBe(true);
}, 60_000);

test('an event whose endpoint is configured no more is given up, and is not begun anew', async () => {
  receiver.reply = (response) => response.writeHead(500).end();
  await start([receiver.endpoint]);
  const before = receiver.messages.length;
  await admin.data('mutation { resumeErasures(reason: "x") { __typename } }');
  await receiver.until(({ length }) => length > before);
  await gateway.stop();

  await start([]);
  const { id, lastError } = await delivery((node) => node?.state === 'DEAD');
  expect(lastError).toBe('The endpoint is no longer configured.');
  const again = `mutation { redeliverWebhook(input: { deliveryId: "${id}" }) { __typename } }`;
  expect((await admin.data(again)).redeliverWebhook.__typename).toBe('WebhookEndpointGoneError');
  expect(await delivery(() => true)).toMatchObject({ state: 'DEAD', attempts: expect.any(Number) });
  await gateway.stop();
});
