/** Deletes many customers, and tells how fast that was and what it cost. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { registerManager } from '../../src/customer/managers.ts';
import { openStore, type StoreLocation } from '../../src/store/store.ts';
import { Api } from '../support/api.ts';
import { startPostgres } from '../support/postgres.ts';
import { VendorControl, type VendorControls } from '../support/vendors.ts';
import { BULK, crowd, managerOf } from './crowd.ts';
import { checkDeletions } from './deletions-check.ts';
import { environment, registerEveryone, writeFiles } from './gateway.ts';
import { read, startReplica, startSandbox, stop, type Started } from './deletion-processes.ts';
import { costOf } from './reading.ts';

const { values } = parseArgs({
  options: {
    customers: { type: 'string', default: '200' },
    store: { type: 'string', default: 'pglite' },
    replicas: { type: 'string', default: '1' },
    /** Tells how often each statement was sent. */
    statements: { type: 'boolean', default: false },
    /** Folder for the CPU profiles. */
    profile: { type: 'string' },
  },
});
const customers = Number(values.customers);
const population = crowd(customers);

const LOOK_MS = 500;
/** What a start leaves to be done is over by then. */
const SETTLED_MS = 3_000;

const PREVIEW = `query ($input: DeletionPreviewInput!) { deletionPreview(input: $input) {
  ... on DeletionPreview { hash } } }`;
const DELETE = `mutation ($input: DeleteCustomersInput!) { deleteCustomers(input: $input) {
  ... on DeleteCustomersPayload { bulk { id } } ... on Error { message } } }`;
const COUNTS = `query ($id: ID!) { bulk(id: $id) { finishedAt counts { total completed } } }`;

async function registerManagers(location: StoreLocation): Promise<void> {
  const store = await openStore(location);
  for (const id of new Set(population.map(({ manager }) => manager!)))
    await registerManager(store, { id, parentId: null, name: id });
  await store.close();
}

async function requestBulk(api: Api, manager: string): Promise<string> {
  const filter = { testCustomer: true, managerId: manager };
  const { deletionPreview } = await api.data(PREVIEW, { input: { filter } });
  const input = { filter, previewHash: deletionPreview.hash, reason: 'the end of a trial' };
  const { deleteCustomers } = await api.data(DELETE, { input });
  if (!deleteCustomers.bulk) throw new Error(JSON.stringify(deleteCustomers));
  return deleteCustomers.bulk.id;
}

/** Waits for the end of a bulk, every customer of which must be deleted and verified. */
async function untilCompleted(api: Api, id: string): Promise<void> {
  for (;;) {
    const { bulk } = await api.data(COUNTS, { id });
    if (bulk.finishedAt && bulk.counts.completed === bulk.counts.total) return;
    if (bulk.finishedAt) throw new Error(JSON.stringify(bulk));
    await sleep(LOOK_MS);
  }
}

const folder = mkdtempSync(join(tmpdir(), 'deletions-'));
const server = values.store === 'postgres' ? await startPostgres([]) : null;
const sandbox = await startSandbox(customers);
const vendors = Object.fromEntries(
  Object.entries(sandbox.at).map(([name, url]) => [name, new VendorControl(url)]),
) as VendorControls;
await vendors.engagelab.assume({ deleteDelayMs: 0 });
const location = server ? { databaseUrl: server.url } : { folder: join(folder, 'data') };
await registerManagers(location);
const tokens = await writeFiles(folder, sandbox.at);
await registerEveryone(location, population);
const env = {
  ...environment(folder, 0),
  ERASURES_PER_HOUR: 'ADMIN=999999',
  ERASURE_SHARE_PER_DAY: '1',
  BULK_MAX: String(BULK),
  ...(server && { DATABASE_URL: server.url }),
};
const replicas: Started<string>[] = [];
for (let i = 0; i < Number(values.replicas); i++) replicas.push(await startReplica(env, values.profile));
const api = new Api(replicas[0]!.at, tokens[0]!);
await sleep(SETTLED_MS);

const before = await Promise.all(replicas.map(read));
const started = performance.now();
const bulks: string[] = [];
for (let i = 0; i * BULK < customers; i++) bulks.push(await requestBulk(api, managerOf(i)));
await Promise.all(bulks.map((id) => untilCompleted(api, id)));
const seconds = (performance.now() - started) / 1000;
const { statements, ...cost } = costOf(before, await Promise.all(replicas.map(read)), customers);
await checkDeletions(vendors, population, customers);

const perSecond = Number((customers / seconds).toFixed(2));
console.log(JSON.stringify({ ...values, seconds: Number(seconds.toFixed(1)), perSecond, ...cost }));
if (values.statements)
  for (const [text, count] of statements) console.log(count.toFixed(2).padStart(8), text);
await Promise.all([...replicas, sandbox].map(stop));
await server?.stop();
rmSync(folder, { recursive: true });
