import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { VendorName } from '../../src/commands/launch-sandbox.ts';
import { people } from '../../src/sandbox/people.ts';
import type { GraphqlAnswer } from '../support/api.ts';
import { callsOf, forgetCalls } from '../support/calls.ts';
import { CANCEL } from '../support/documents.ts';
import { requestErasure } from '../support/erasures.ts';
import { startWorld, type World } from '../support/world.ts';

const DEADLINE_MS = 1_200;
/** So many calls an integration takes at the same time. */
const AT_ONCE = 16;

const ACCOUNTS = `accounts {
  ... on Account { integration { id } externalId }
  ... on ParticleAccount { devices { id } }
  ... on OneloginAccount { apps { name } }
  ... on AccountFailure { integration { id } code }
}`;
const ONE = `query ($id: ID!) { customer(id: $id) { ${ACCOUNTS} } }`;
const LIST = `{ customers(first: 100) { edges { node { ${ACCOUNTS} } } } }`;
const PLAN = `query ($id: ID!) {
  erasurePlan(customerId: $id) { items { integration { id } presence sideEffects { code } warnings { code } } }
}`;

/** With an account everywhere; the first has devices. */
const KNOWN = people()
  .filter(
    ({ particle, engagelab, learn, vpn, onelogin }) => particle && engagelab && learn && vpn && onelogin,
  )
  .filter(({ number }) => number % 25 !== 0)
  .slice(0, 100);

const VENDORS = ['particle', 'engagelab', 'learn', 'vpn', 'onelogin'] as const;

interface Item {
  integration: { id: VendorName };
  externalId?: string;
  code?: string;
  devices?: unknown[] | null;
  apps?: unknown[] | null;
}

let world: World;

const hang = (vendor: VendorName): Promise<void> =>
  world.vendors[vendor].fault({ kind: 'HANG', method: 'GET' });

/** What is answered, which is not before the deadline. */
async function atDeadline(document: string): Promise<GraphqlAnswer> {
  const begun = performance.now();
  const answer = await world.admin.send(document, { id: world.id(1) });
  expect(performance.now() - begun).toBeGreaterThanOrEqual(DEADLINE_MS - 1);
  return answer;
}

beforeAll(async () => {
  world = await startWorld({ requestDeadlineMs: DEADLINE_MS }, {}, { known: KNOWN });
  await world.admin.data(ONE, { id: world.id(1) });
  await forgetCalls(world.vendors);
});

afterAll(() => world.close());

afterEach(async () => {
  await Promise.all(Object.values(world.vendors).map((vendor) => vendor.fault()));
  await forgetCalls(world.vendors);
});

describe('every provider that a document needs is asked before any has answered', () => {
  const EACH = { particle: 1, engagelab: 1, learn: 1, vpn: 1, onelogin: 1 };

  test.each([
    ['one customer', ONE, EACH],
    ['a plan, which looks for accounts by e-mail too', PLAN, { ...EACH, onelogin: 2 }],
    ['a hundred customers', LIST, { ...EACH, engagelab: AT_ONCE, vpn: AT_ONCE, onelogin: 2 }],
  ])('%s', async (_name, document, expected) => {
    await Promise.all(VENDORS.map(hang));
    await atDeadline(document);
    expect(await callsOf(world.vendors)).toEqual(expected);
  });
});

describe('where one provider hangs, the answer comes at the deadline', () => {
  test.each(VENDORS)('%s: four accounts with all their facts, and one failure', async (hanging) => {
    await hang(hanging);
    const { data, errors } = await atDeadline(ONE);
    const items = data.customer.accounts as Item[];
    expect(items.map(({ integration, code }) => [integration.id, code])).toEqual(
      VENDORS.map((vendor) => [vendor, vendor === hanging ? 'UNAVAILABLE' : undefined]),
    );
    const [particle, , , , onelogin] = items;
    if (hanging !== 'particle') expect(particle!.devices).toHaveLength(3);
    if (hanging !== 'onelogin') expect(onelogin!.apps).toHaveLength(2);
    expect(errors).toEqual([]);
  });

  test('twenty customers: four accounts each, and one failure each', async () => {
    await hang('learn');
    const { data } = await atDeadline(LIST.replace('100', '20'));
    const items = (data.customers.edges as { node: { accounts: Item[] } }[]).flatMap(
      ({ node }) => node.accounts,
    );
    for (const vendor of VENDORS) {
      const there = items.filter(({ integration }) => integration.id === vendor);
      expect(there.map(({ code }) => code)).toEqual(
        Array(20).fill(vendor === 'learn' ? 'UNAVAILABLE' : undefined),
      );
    }
  });

  test('a plan: it tells what would happen at the four others', async () => {
    await hang('learn');
    const { data } = await atDeadline(PLAN);
    const items = data.erasurePlan.items as (Item & {
      presence: string;
      sideEffects: object[];
      warnings: object[];
    })[];
    expect(items.map(({ integration, presence }) => [integration.id, presence])).toEqual([
      ['vpn', 'FOUND'],
      ['particle', 'FOUND'],
      ['engagelab', 'FOUND'],
      ['learn', 'UNREACHABLE'],
      ['onelogin', 'FOUND'],
    ]);
    const effects = items
      .flatMap(({ sideEffects }) => sideEffects as { code: string }[])
      .map(({ code }) => code);
    expect(effects).toEqual(['CLAIMED_DEVICES', 'TAGS_AND_ALIAS', 'APPS']);
    expect(items.flatMap(({ warnings }) => warnings)).not.toContainEqual({ code: 'SIDE_EFFECTS_UNKNOWN' });
  });
});

test('each event of a stream has a deadline of its own, and shows the present', async () => {
  const scheduledFor = new Date(Date.now() + 86_400_000).toISOString();
  const id = await requestErasure(world.admin, world.id(3), { scheduledFor });
  await hang('vpn');
  const goOn = async (): Promise<void> => {
    await world.vendors.vpn.fault();
    await world.admin.data(CANCEL, { id });
  };
  let gone: Promise<void> | undefined;
  const events = await world.admin.watch(
    `subscription ($id: ID!) {
      erasureProgress(erasureId: $id) { erasure { customer { accounts(integrationIds: ["vpn"]) { __typename } } } }
    }`,
    { id },
    ({ length }) => {
      if (length > 0) gone ??= goOn();
      return false;
    },
  );
  await gone;
  const shown = events.map(({ data }) => data.erasureProgress.erasure.customer.accounts);
  expect(shown[0]).toEqual([{ __typename: 'AccountFailure' }]);
  expect(shown.at(-1)).toEqual([{ __typename: 'VpnAccount' }]);
});
