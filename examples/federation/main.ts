import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Client } from '../../src/commands/client.ts';
import { mintDemoToken } from '../../src/commands/demo-keys.ts';
import { launchSandbox, type Sandbox } from '../../src/commands/launch-sandbox.ts';
import { untilStopped } from '../../src/commands/until-stopped.ts';
import { people, type Person } from '../../src/sandbox/people.ts';
import { startCustomers } from './customers.ts';
import { someOrders } from './some-orders.ts';
import { startSupergraph } from './supergraph.ts';

const { exit, port } = parseArgs({
  options: { exit: { type: 'boolean', default: false }, port: { type: 'string', default: '4000' } },
}).values;

const PEOPLE = 60;

/** From customers to orders, and from there to customers again. */
const queryAbout = ({ email }: Person): string => `{
  customerByEmail(email: "${email}") {
    name
    accounts { __typename }
    orders { id product priceCents customer { manager { name } } }
  }
}`;

function invitation(url: string, token: string, query: string): string {
  const headers = `-H 'content-type: application/json' -H 'authorization: Bearer ${token}'`;
  return [
    `Router  ${url}`,
    `Token   ${token}`,
    `Query   ${query}`,
    '',
    `curl -s ${url} ${headers} -d '${JSON.stringify({ query })}'`,
    '',
    'Ctrl-C stops everything.',
  ].join('\n');
}

/** Shows the supergraph: what a query is answered, or how to ask one. */
async function show(sandbox: Sandbox, folder: string): Promise<void> {
  const routerToken = randomBytes(32).toString('base64');
  const { gateway, ids } = await startCustomers(sandbox, folder, routerToken);
  const options = { orders: someOrders(ids), gatewayUrl: gateway.url, routerToken };
  const supergraph = await startSupergraph(options, exit ? 0 : Number(port));
  const token = await mintDemoToken(folder, { role: 'ADMIN' });
  const query = queryAbout(sandbox.people[0]!);
  if (exit) {
    console.log(JSON.stringify(await new Client(supergraph.url, token).query(query), null, 2));
  } else {
    console.log(invitation(supergraph.url, token, query));
    await untilStopped();
  }
  await supergraph.close();
  await gateway.stop();
}

const sandbox = await launchSandbox(0, people(PEOPLE));
const folder = mkdtempSync(join(tmpdir(), 'customer-gateway-federation-'));
await show(sandbox, folder).finally(() => rmSync(folder, { recursive: true }));
await sandbox.close();
