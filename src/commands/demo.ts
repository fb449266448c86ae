import { generateKeySync } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import { DEFAULT_CAPS } from '../erasure/cap.ts';
import type { NamedToken } from '../graphql/graphiql-acting-as.ts';
import { startGateway, type Gateway } from '../server.ts';
import { lockFolder } from '../store/folder-lock.ts';
import { Client } from './client.ts';
import { DELETE, FIND, PLAN, VERIFY, WATCH } from './demo-documents.ts';
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
function tabsFor(sandbox: Sandbox, customerId: string) {
  const { email } = sandbox.people[2]!;
  const tab = (query: string, variables: object) => ({
    query,
    variables: JSON.stringify(variables, null, 2),
  });
  return [
    tab(FIND, { email }),
    tab(PLAN, { customerId }),
    tab(DELETE, { input: { customerId, reason: 'Tried in GraphiQL' } }),
    tab(WATCH, { erasureId: 'the id that the deletion answered' }),
    tab(VERIFY, { erasureId: 'the id that the deletion answered' }),
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
  const named = await Promise.all(
    ROLES.map(async (one) => ({ name: one.role, token: await mintDemoToken(DEMO_FOLDER, one) })),
  );
  const tabs: ReturnType<typeof tabsFor> = [];
  const gateway = await startGateway({
    host: '127.0.0.1',
    port,
    allowedHosts: ['localhost', '127.0.0.1'],
    store: { folder: DEMO_FOLDER },
    tokens,
    integrations: sandbox.integrations,
    graphiql: { tabs, tokens: named },
    caps: DEFAULT_CAPS,
    signingKeys: makeProofKey(DEMO_FOLDER),
    origin: 'customer-gateway-demo',
    fingerprintKey: generateKeySync('hmac', { length: 256 }),
    sweepHours: 24,
    log: pino({ level: 'error' }),
  });
  const ids = await registerPeople(gateway.store, sandbox.people);
  const customerId = Buffer.from(`Customer:${ids[2]}`).toString('base64url');
  tabs.push(...tabsFor(sandbox, customerId));
  return { gateway, named };
}

function invitation(url: string, sandbox: Sandbox, tokens: readonly NamedToken[]): string {
  const vendors = Object.values(sandbox.vendors).map(
    ({ name, url: where }) => `  ${name.padEnd(10)} ${where}`,
  );
  const query = JSON.stringify({ query: '{ viewer { subject role scopes } }' });
  return [
    '',
    `GraphiQL  ${url}`,
    '',
    'Tokens, good for 8 hours (RESALE acts for the manager "glacier"):',
    ...tokens.map(({ name, token }) => `  ${name.padEnd(7)} ${token}`),
    '',
    `curl -s ${url} -H 'content-type: application/json' -H 'authorization: Bearer ${tokens[0]!.token}' -d '${query}'`,
    '',
    'Simulated providers; what each was asked is at /_sandbox/ledger:',
    ...vendors,
    '',
    'Ctrl-C stops everything.',
  ].join('\n');
}

/** Tells the story on a running gateway and, unless `exit`, goes on serving. Returns the exit code. */
async function show(
  gateway: Gateway,
  sandbox: Sandbox,
  tokens: readonly NamedToken[],
  exit: boolean,
): Promise<number> {
  const say = (text: string): void => console.log(text);
  const faults = await tellStory(new Client(gateway.url, tokens[0]!.token), sandbox, say);
  say(faults.length === 0 ? '\nEverything is as it should be.' : `\nNot as expected: ${faults.join('; ')}`);
  if (!exit) {
    say(invitation(gateway.url, sandbox, tokens));
    await untilStopped();
  }
  return faults.length === 0 ? 0 : 1;
}

/** Shows the main job on simulated providers, and then goes on serving unless `exit`. Returns the exit code. */
export async function demo({ port, exit }: { port: number; exit: boolean }): Promise<number> {
  console.log('Starting five simulated providers and the gateway …');
  const sandbox = await launchSandbox();
  try {
    const { gateway, named } = await startOn(sandbox, port);
    return await show(gateway, sandbox, named, exit).finally(() => gateway.stop());
  } finally {
    await sandbox.close();
  }
}
