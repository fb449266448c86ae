import { generateKeySync } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import { DEFAULT_CAPS } from '../erasure/cap.ts';
import { startGateway, type Gateway } from '../server.ts';
import { lockFolder } from '../store/folder-lock.ts';
import { Client } from './client.ts';
import { DELETE, FIND, PLAN, RESULT, WATCH } from './demo-documents.ts';
import { DEMO_FOLDER, makeDemoKey, makeProofKey, mintDemoToken, type DemoToken } from './demo-keys.ts';
import { tellStory } from './demo-story.ts';
import { launchSandbox, registerPeople, type Sandbox } from './launch-sandbox.ts';
import { untilStopped } from './until-stopped.ts';

const ROLES: readonly DemoToken[] = [
  { role: 'ADMIN' },
  { role: 'MASTER' },
  { role: 'RESALE', subject: 'demo-glacier', manager: 'glacier' },
];

/** Tabs in the order of the story, about the person after the one that the demo deletes. */
function tabsFor(sandbox: Sandbox, customerId: string, token: string) {
  const headers = JSON.stringify({ authorization: `Bearer ${token}` });
  const { email } = sandbox.people[2]!;
  const tab = (query: string, variables: object) => ({
    query,
    variables: JSON.stringify(variables, null, 2),
    headers,
  });
  return [
    tab(FIND, { email }),
    tab(PLAN, { customerId }),
    tab(DELETE, { input: { customerId, reason: 'Tried in GraphiQL' } }),
    tab(WATCH, { erasureId: 'the id that the deletion answered' }),
    tab(RESULT, { erasureId: 'the id that the deletion answered' }),
  ];
}

/** An empty folder for the demo's store. Refuses when another demo runs on it. */
function emptyFolder(folder: string): void {
  const unlock = lockFolder(folder);
  rmSync(join(folder, 'pg'), { recursive: true, force: true });
  unlock();
}

async function startOn(sandbox: Sandbox, port: number) {
  emptyFolder(DEMO_FOLDER);
  const tokens = makeDemoKey(DEMO_FOLDER);
  const admin = await mintDemoToken(DEMO_FOLDER, { role: 'ADMIN' });
  const tabs: ReturnType<typeof tabsFor> = [];
  const gateway = await startGateway({
    host: '127.0.0.1',
    port,
    allowedHosts: ['localhost', '127.0.0.1'],
    store: { folder: DEMO_FOLDER },
    tokens,
    integrations: sandbox.integrations,
    graphiql: { tabs },
    caps: DEFAULT_CAPS,
    signingKeys: makeProofKey(DEMO_FOLDER),
    origin: 'customer-gateway-demo',
    fingerprintKey: generateKeySync('hmac', { length: 256 }),
    sweepHours: 24,
    log: pino({ level: 'error' }),
  });
  const ids = await registerPeople(gateway.store, sandbox.people);
  const customerId = Buffer.from(`Customer:${ids[2]}`).toString('base64url');
  tabs.push(...tabsFor(sandbox, customerId, admin));
  return { gateway, admin };
}

async function invitation(url: string, sandbox: Sandbox, admin: string): Promise<string> {
  const tokens = await Promise.all(
    ROLES.map(async (one) => `  ${one.role.padEnd(7)} ${await mintDemoToken(DEMO_FOLDER, one)}`),
  );
  const vendors = Object.values(sandbox.vendors).map(
    ({ name, url: where }) => `  ${name.padEnd(10)} ${where}`,
  );
  const query = JSON.stringify({ query: '{ viewer { subject role scopes } }' });
  return [
    '',
    `GraphiQL  ${url}`,
    '',
    'Tokens, good for 8 hours (RESALE acts for the manager "glacier"):',
    ...tokens,
    '',
    `curl -s ${url} -H 'content-type: application/json' -H 'authorization: Bearer ${admin}' -d '${query}'`,
    '',
    'Simulated providers; what each was asked is at /_sandbox/ledger:',
    ...vendors,
    '',
    'Ctrl-C stops everything.',
  ].join('\n');
}

/** Tells the story on a running gateway and, unless `exit`, goes on serving. Returns the exit code. */
async function show(gateway: Gateway, sandbox: Sandbox, admin: string, exit: boolean): Promise<number> {
  const say = (text: string): void => console.log(text);
  const faults = await tellStory(new Client(gateway.url, admin), sandbox, say);
  say(faults.length === 0 ? '\nEverything is as it should be.' : `\nNot as expected: ${faults.join('; ')}`);
  if (!exit) {
    say(await invitation(gateway.url, sandbox, admin));
    await untilStopped();
  }
  return faults.length === 0 ? 0 : 1;
}

/** Shows the main job on simulated providers, and then goes on serving unless `exit`. Returns the exit code. */
export async function demo({ port, exit }: { port: number; exit: boolean }): Promise<number> {
  console.log('Starting five simulated providers and the gateway …');
  const sandbox = await launchSandbox();
  try {
    const { gateway, admin } = await startOn(sandbox, port);
    return await show(gateway, sandbox, admin, exit).finally(() => gateway.stop());
  } finally {
    await sandbox.close();
  }
}
