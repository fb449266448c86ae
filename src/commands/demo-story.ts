import type { Person } from '../sandbox/people.ts';
import type { LedgerEntry } from '../sandbox/vendor.ts';
import type { Client } from './client.ts';
import { DELETE, FIND, PLAN, VERIFY, WATCH } from './demo-documents.ts';
import { showReceipt } from './demo-receipt.ts';
import type { Sandbox, VendorName } from './launch-sandbox.ts';
import { ProgressView, type Progress } from './progress-view.ts';
import { table } from './table.ts';

interface Account {
  __typename: string;
  externalId?: string;
  integration: { id: string };
  message?: string;
  devices?: { id: string }[];
  alias?: string;
  tags?: string[];
  role?: string;
  status?: string;
  activeSubscription?: boolean;
  apps?: { name: string }[];
}

interface Task {
  integrationId: string;
  outcome: string | null;
  verdict: string | null;
  errorMessage: string | null;
  attempts: { kind: string; result: string | null }[];
}

function holds(account: Account): string {
  const { devices, alias, tags, role, status, activeSubscription, apps, message } = account;
  return [
    devices && `${devices.length} claimed devices`,
    tags && `alias ${alias}, tags ${tags.join(' ')}`,
    role && `${status} ${role}`,
    activeSubscription !== undefined && `subscription: ${activeSubscription ? 'active' : 'none'}`,
    apps && `apps: ${apps.map((app) => app.name).join(', ')}`,
    message,
  ]
    .filter(Boolean)
    .join('; ');
}

/** The paths, as the vendors document them, of the one delete that each may get. */
const deletePaths = ({
  email,
  particle,
  engagelab,
  learn,
  vpn,
  onelogin,
}: Person): Record<VendorName, string> => ({
  particle: particle ? `/v1/products/sandbox-product/customers/${encodeURIComponent(email)}` : '',
  engagelab: `/v4/devices/${engagelab?.registrationId}`,
  learn: `/rest/v2/users/ref/${encodeURIComponent(learn?.ref ?? '')}`,
  vpn: `/customer/${vpn?.userId}`,
  onelogin: `/api/2/users/${onelogin?.id}`,
});

interface States {
  particle: { customers: { username: string }[] };
  engagelab: { devices: { registrationId: string; goneAt: number | null }[] };
  learn: { users: { id: string; deleted: boolean; email: string | null }[] };
  vpn: { customers: { userId: string; deletedAt: string | null }[] };
  onelogin: { users: { id: number; goneAt: number | null }[] };
}

async function readBack(
  sandbox: Sandbox,
): Promise<{ states: States; ledgers: Record<VendorName, LedgerEntry[]> }> {
  const read = async (what: string): Promise<Record<string, unknown>> => {
    const entries = Object.entries(sandbox.vendors).map(async ([name, vendor]) => {
      return [name, await (await fetch(`${vendor.url}/_sandbox/${what}`)).json()] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  };
  return {
    states: (await read('state')) as unknown as States,
    ledgers: (await read('ledger')) as Record<VendorName, LedgerEntry[]>,
  };
}

/** What each vendor holds of a person now, and how many of the others it still holds. */
function remains(
  states: States,
  { email, engagelab, learn, vpn, onelogin }: Person,
): Record<VendorName, [string, number]> {
  const gone = (at: number | null): boolean => at !== null && at <= Date.now();
  const devices = states.engagelab.devices.filter((device) => !gone(device.goneAt));
  const users = states.onelogin.users.filter((user) => !gone(user.goneAt));
  const learner = states.learn.users.find((user) => user.id === learn?.id);
  const subscriber = states.vpn.customers.find((customer) => customer.userId === vpn?.userId);
  const here = (found: boolean): string => (found ? 'still there' : 'absent');
  const { customers } = states.particle;
  return {
    particle: [here(customers.some((customer) => customer.username === email)), customers.length],
    engagelab: [
      here(devices.some((device) => device.registrationId === engagelab?.registrationId)),
      devices.length,
    ],
    learn: [
      learner?.deleted && !learner.email ? 'redacted' : 'still there',
      states.learn.users.filter((u) => !u.deleted).length,
    ],
    vpn: [
      subscriber?.deletedAt ? 'soft-deleted' : 'still there',
      states.vpn.customers.filter((c) => !c.deletedAt).length,
    ],
    onelogin: [here(users.some((user) => user.id === onelogin?.id)), users.length],
  };
}

const EXPECTED: Record<VendorName, string> = {
  particle: 'absent',
  engagelab: 'absent',
  learn: 'redacted',
  vpn: 'soft-deleted',
  onelogin: 'absent',
};

/** Finds a person, shows what is held, deletes, shows progress, reads back. Returns what was not as expected. */
export async function tellStory(
  client: Client,
  sandbox: Sandbox,
  say: (text: string) => void,
): Promise<string[]> {
  const person = sandbox.people[0]!;
  const faults: string[] = [];
  const expect = (held: boolean, fault: string): void => void (held || faults.push(fault));

  say(`\n1. Find ${person.email}\n`);
  const { customerByEmail: customer } = await client.query<{
    customerByEmail: { id: string; name: string; manager: { name: string }; accounts: Account[] };
  }>(FIND, { email: person.email });
  const rows = customer.accounts.map((one) => [
    one.integration.id,
    one.externalId ?? one.__typename,
    holds(one),
  ]);
  say(table(['integration', 'account', 'holds'], rows));
  const places = sandbox.integrations.length;
  expect(customer.accounts.length === places, `${customer.accounts.length} accounts, not ${places}`);

  say('\n2. Plan the deletion: nothing is changed yet\n');
  const { erasurePlan: plan } = await client.query<{
    erasurePlan: {
      items: {
        integration: { id: string };
        leaves: string;
        sideEffects: { message: string }[];
        warnings: { message: string }[];
      }[];
      blockers: unknown[];
    };
  }>(PLAN, { customerId: customer.id });
  say(
    table(
      ['in this order', 'leaves', 'besides'],
      plan.items.map(({ integration, leaves, sideEffects, warnings }) => [
        integration.id,
        leaves,
        [...sideEffects, ...warnings].map((notice) => notice.message).join('; '),
      ]),
    ),
  );
  expect(plan.blockers.length === 0, 'the plan has blockers');

  say(`\n3. Delete ${customer.name} everywhere\n`);
  const before = remains((await readBack(sandbox)).states, person);
  const input = { customerId: customer.id, reason: 'Shown in the demo', idempotencyKey: 'demo-1' };
  const { deleteCustomer } = await client.query<{
    deleteCustomer: { erasure?: { id: string }; message?: string };
  }>(DELETE, { input });
  const erasureId = deleteCustomer.erasure?.id;
  if (!erasureId) return [`the deletion was refused: ${deleteCustomer.message}`];
  const view = new ProgressView(process.stdout);
  for await (const { erasureProgress } of client.subscribe<{ erasureProgress: Progress }>(WATCH, {
    erasureId,
  })) {
    view.show(erasureProgress);
  }

  const { erasure } = await client.query<{ erasure: { state: string; summary: string; tasks: Task[] } }>(
    VERIFY,
    { erasureId },
  );
  say(`\n4. ${erasure.summary}\n`);
  expect(erasure.state === 'COMPLETED', `the erasure ended ${erasure.state}`);
  const { states, ledgers } = await readBack(sandbox);
  const after = remains(states, person);
  const paths = deletePaths(person);
  const checks = erasure.tasks.map((task) => {
    const name = task.integrationId as VendorName;
    const deletes = ledgers[name].filter(
      (entry) => entry.method === 'DELETE' && entry.path === paths[name],
    ).length;
    const [now, count] = after[name];
    expect(deletes === 1, `${name} got ${deletes} deletes, not 1`);
    expect(now === EXPECTED[name], `${name} says ${now}, not ${EXPECTED[name]}`);
    expect(count === before[name][1] - 1, `${name} holds ${count} others, not ${before[name][1] - 1}`);
    return [
      name,
      task.outcome ?? '',
      task.verdict ?? '',
      `${deletes}`,
      now,
      `${count} of ${before[name][1] - 1}`,
    ];
  });
  say(table(['integration', 'outcome', 'verdict', 'deletes', 'read back', 'others still there'], checks));
  expect(erasure.tasks.length === places, `${erasure.tasks.length} tasks, not ${places}`);
  return [...faults, ...(await showReceipt(client, erasureId, say))];
}
