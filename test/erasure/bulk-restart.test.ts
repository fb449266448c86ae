import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchSandbox, type Sandbox } from '../../src/commands/launch-sandbox.ts';
import { startGatewayProcess, type GatewayProcess } from '../crash/gateway-process.ts';
import type { Crash } from '../crash/order.ts';
import { ownPaths } from '../crash/own-paths.ts';
import { fill, POPULATION } from '../crash/stores.ts';
import { Api } from '../support/api.ts';
import { deleteMany, endedBulk, itemsOf, preview } from '../support/bulks.ts';
import { mintToken, tokenSettings } from '../support/tokens.ts';
import { controlsOf } from '../support/vendors.ts';

const PLACES = ['learn', 'vpn'] as const;
const SOME = POPULATION.filter(
  (one) =>
    one.number > 3 &&
    one.particle &&
    one.engagelab &&
    one.learn &&
    one.vpn &&
    one.onelogin &&
    !one.vpn.activeSubscription,
).slice(0, 8);

let folder: string;
let sandbox: Sandbox;
let customerId: (number: number) => string;
let gateway: GatewayProcess | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'customer-gateway-bulk-'));
  sandbox = await launchSandbox(0, POPULATION);
  customerId = await fill({ folder });
});

afterAll(async () => {
  gateway?.kill();
  await gateway?.killed();
  await sandbox.close();
  await rm(folder, { recursive: true });
});

async function start(crash: Crash | null): Promise<Api> {
  const order = { store: { folder }, tokens: tokenSettings, integrations: sandbox.integrations, crash };
  gateway = await startGatewayProcess(order);
  return new Api(gateway.url!, await mintToken({ role: 'ADMIN' }));
}

test('a bulk whose process dies before it has noted the erasure that it began goes on: nobody is left out or deleted twice', async () => {
  const selection = { customerIds: SOME.map(({ number }) => customerId(number)), integrationIds: PLACES };
  let api = await start({ at: 'erasure.enqueued', passing: 4 });
  const { hash } = await preview(api, selection);
  const ask = (): Promise<{ bulk: { id: string } }> =>
    deleteMany(api, selection, hash, { idempotencyKey: 'over-restarts' });
  await ask().catch(() => null); // the process may die before it has answered
  await gateway!.killed();
  api = await start(null);

  const { bulk } = await ask();
  expect(await endedBulk(api, bulk.id)).toMatchObject({
    state: 'COMPLETED',
    counts: { total: SOME.length, created: SOME.length, completed: SOME.length },
  });
  const vendors = controlsOf(sandbox);
  for (const place of PLACES) {
    const expected = SOME.map((person) => ownPaths(person)[place][0]);
    expect((await vendors[place].deletes()).toSorted()).toEqual(expected.toSorted());
  }
  const items = await itemsOf(api, bulk.id);
  expect(new Set([...items.values()].map(({ erasure }) => erasure!.id)).size).toBe(SOME.length);
  for (const { number } of SOME) {
    const { erasures } = await api.data(
      'query ($id: ID!) { erasures(customerId: $id) { edges { node { id } } } }',
      { id: customerId(number) },
    );
    expect(erasures.edges).toEqual([{ node: { id: items.get(customerId(number))!.erasure!.id } }]);
  }
}, 120_000);
