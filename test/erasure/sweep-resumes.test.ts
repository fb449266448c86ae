import { createSecretKey } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { launchSandbox, registerPeople, type Sandbox } from '../../src/commands/launch-sandbox.ts';
import { people } from '../../src/sandbox/people.ts';
import type { GatewayOptions } from '../../src/gateway-options.ts';
import { startGateway, type Gateway } from '../../src/server.ts';
import { TEST_GATEWAY } from '../support/gateway-options.ts';
import { Api } from '../support/api.ts';
import { erase } from '../support/erasures.ts';
import { mintToken } from '../support/tokens.ts';
import { controlsOf, type VendorControl, type VendorControls } from '../support/vendors.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** The machine may be busy with other suites. */
const PATIENTLY = { timeout: 30_000 };
const NEXT_PAGE = '/api/2/users?cursor=';

let sandbox: Sandbox;
let vendors: VendorControls;
let folder: string;
let gateway: Gateway | undefined;
/** What fails is tried again after an hour, and not at once. */
let patient = false;

beforeAll(async () => {
  sandbox = await launchSandbox(0, people(120));
  vendors = controlsOf(sandbox);
  await vendors.engagelab.assume({ deleteDelayMs: 0 });
  folder = mkdtempSync(join(tmpdir(), 'customer-gateway-sweep-'));
});

afterAll(async () => {
  await gateway?.stop();
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

/** A gateway on the same store. */
async function start(options: Partial<GatewayOptions> = {}): Promise<Api> {
  gateway = await startGateway({
    ...TEST_GATEWAY,
    store: { folder },
    integrations: sandbox.integrations,
    sweepHours: 24,
    log: pino({ level: 'silent' }),
    pace: (ms) => (ms === DAY_MS ? 200 : patient ? HOUR_MS : Math.min(ms / 100, 20)),
    ...options,
  });
  return new Api(gateway.url, await mintToken({ role: 'ADMIN' }));
}

const lists = async (vendor: VendorControl, path: string): Promise<string[]> =>
  (await vendor.calls()).map((call) => call.path).filter((called) => called.startsWith(path));

test('a round that was interrupted goes on where it was', async () => {
  const api = await start();
  const ids = await registerPeople(gateway!.store, sandbox.people);
  const number = 43;
  const { state } = await erase(api, Buffer.from(`Customer:${ids[number - 1]}`).toString('base64url'));
  expect(state).toBe('COMPLETED'); // or there is nobody to look for
  patient = true;
  await vendors.onelogin.forget();
  await vendors.onelogin.fault({ kind: 'STATUS', status: 503, path: NEXT_PAGE, after: 1 });
  const [, stuckAt] = await vi.waitUntil(async () => {
    const calls = await lists(vendors.onelogin, NEXT_PAGE);
    return calls.length > 1 ? calls : null;
  }, PATIENTLY);
  await vi.waitUntil(async () => {
    const { rows } = await gateway!.store.pool.query('select * from sweep_position where failures > 0');
    return rows.length === 1;
  }, PATIENTLY);
  await gateway!.stop();
  gateway = undefined;

  await vendors.onelogin.fault();
  for (const vendor of Object.values(vendors)) await vendor.forget();
  await start({ clock: { now: () => new Date(Date.now() + 2 * HOUR_MS) } });
  const [first] = await vi.waitUntil(async () => {
    const calls = await lists(vendors.onelogin, '/api/2/users?');
    return calls.length > 0 ? calls : null;
  }, PATIENTLY);
  expect(first).toBe(stuckAt);
}, 120_000);

test('a gateway with another key than the one before does not start', async () => {
  await gateway!.stop();
  gateway = undefined;
  await expect(start({ fingerprintKey: createSecretKey(Buffer.alloc(32, 'another')) })).rejects.toThrow(
    'The fingerprint key is not the one that this database was used with',
  );
});
