import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { launchSandbox, registerPeople, type Sandbox } from '../../src/commands/launch-sandbox.ts';
import { people } from '../../src/sandbox/people.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { startGatewayProcess, type GatewayProcess } from '../crash/gateway-process.ts';
import { Api } from '../support/api.ts';
import { erase } from '../support/erasures.ts';
import { createDatabase, dropDatabase } from '../support/postgres-databases.ts';
import { mintToken, tokenSettings } from '../support/tokens.ts';
import { controlsOf } from '../support/vendors.ts';

let databaseUrl: string;
let store: Store;
let sandbox: Sandbox;
let gateways: GatewayProcess[];

beforeAll(async () => {
  databaseUrl = await createDatabase();
  sandbox = await launchSandbox(0, people(20));
  const { integrations } = sandbox;
  const order = { store: { databaseUrl }, tokens: tokenSettings, integrations, crash: null, sweepHours: 24 };
  store = await openStore({ databaseUrl });
  gateways = [await startGatewayProcess(order), await startGatewayProcess(order)];
});

afterAll(async () => {
  for (const gateway of gateways) gateway.kill();
  await Promise.all(gateways.map((gateway) => gateway.killed()));
  await sandbox.close();
  await store.close();
  await dropDatabase(databaseUrl);
});

const roundNow = async (): Promise<number> =>
  (await store.db.selectFrom('sweep').select('round').executeTakeFirstOrThrow()).round;

/** Rounds that were counted and are no work, or the other way round; one, just when the next begins. */
const difference = async (): Promise<number> => {
  const { rows } = await store.pool.query<{ difference: number }>(
    `select round - (select count(*) from dbos.workflow_status where name = 'sweep') as difference from sweep`,
  );
  return rows[0]!.difference;
};

/** Until a round that begins later than now has ended. */
async function round(): Promise<void> {
  const now = await roundNow();
  await vi.waitUntil(async () => (await roundNow()) > now + 1, { timeout: 20_000 });
}

test('two processes on one database look once, and one goes on when the other dies', async () => {
  const number = 3;
  const ids = await registerPeople(store, sandbox.people);
  const admin = await mintToken({ role: 'ADMIN' });
  const [one, other] = gateways.map(({ url }) => new Api(url!, admin));
  await controlsOf(sandbox).engagelab.assume({ deleteDelayMs: 0 });
  const erasure = await erase(one!, Buffer.from(`Customer:${ids[number - 1]}`).toString('base64url'));
  expect(erasure.state).toBe('COMPLETED');

  const { onelogin } = controlsOf(sandbox);
  const state = await onelogin.state<{ users: { id: number; goneAt: number | null }[] }>();
  await onelogin.hold({ ...state, users: state.users.map((user) => ({ ...user, goneAt: null })) });
  await round();
  const { reappearances } = await other!.data('{ reappearances { edges { node { integrationId } } } }');
  expect(reappearances.edges).toEqual([{ node: { integrationId: 'onelogin' } }]);
  expect([0, 1]).toContain(await difference());

  gateways[0]!.kill();
  await gateways[0]!.killed();
  await round();
  expect([0, 1]).toContain(await difference());
}, 90_000);
