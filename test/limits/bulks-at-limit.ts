import { registerPeople } from '../../src/commands/launch-sandbox.ts';
import { VPN_TOKEN } from '../../src/sandbox/vpn.ts';
import { people } from '../../src/sandbox/people.ts';
import { Secret } from '../../src/providers/secret.ts';
import { openStore } from '../../src/store/store.ts';
import { startGatewayProcess, type GatewayProcess } from '../crash/gateway-process.ts';
import { Api } from '../support/api.ts';
import { deleteMany, endedBulk } from '../support/bulks.ts';
import { createDatabase, dropDatabase } from '../support/postgres-databases.ts';
import { mintToken, tokenSettings } from '../support/tokens.ts';
import { startVendorProcess } from '../support/vendor-process.ts';
import { mostInASecond, LIMIT } from './offer.ts';

/** How an integration with a limit was used while many customers were deleted there. */
interface Use {
  /** Calls of every kind. */
  calls: number;
  deletes: string[];
  mostInASecond: number;
  /** Calls a second, without the first and the last of them: a bulk begins and ends with fewer at a time. */
  perSecond: number;
}

/** As many customers as a request may name. */
const BULK = 100;
const BULKS = 4;
/** Share of the calls at either end that are left out. */
const EDGE = 0.1;

/** Without asking the provider, whose calls are counted. */
const PREVIEW = `query ($input: DeletionPreviewInput!) {
  deletionPreview(input: $input) { ... on DeletionPreview { hash } } }`;

async function requestBulk(api: Api, customerIds: readonly string[]): Promise<string> {
  const { deletionPreview } = await api.data(PREVIEW, { input: { customerIds } });
  return (await deleteMany(api, { customerIds }, deletionPreview.hash)).bulk.id;
}

function useOf(times: readonly number[], deletes: string[]): Use {
  const edge = Math.floor(times.length * EDGE);
  const steady = times.slice(edge, -edge);
  const perSecond = ((steady.length - 1) * 1000) / (steady.at(-1)! - steady[0]!);
  return { calls: times.length, deletes, mostInASecond: mostInASecond(times), perSecond };
}

/** Deletes four hundred customers at once, at one integration that takes fifty calls a second, by so many processes. */
export async function deleteAtLimit(processes: number): Promise<Use> {
  const databaseUrl = await createDatabase();
  const vendor = await startVendorProcess({ name: 'vpn', count: 2 * BULK * BULKS });
  const population = people(2 * BULK * BULKS)
    .filter(({ vpn }) => vpn && !vpn.activeSubscription)
    .slice(0, BULK * BULKS);
  const store = await openStore({ databaseUrl });
  const ids = await registerPeople(store, population);
  await store.close();
  const settings = { baseUrl: vendor.url, token: new Secret(VPN_TOKEN), lookup: true };
  const order = {
    store: { databaseUrl },
    tokens: tokenSettings,
    integrations: [
      { id: 'vpn', provider: 'VPN', settings, limits: { rateLimit: LIMIT }, network: 'ANY' as const },
    ],
    crash: null,
  };
  const gateways: GatewayProcess[] = [];
  while (gateways.length < processes) gateways.push(await startGatewayProcess(order));
  try {
    const api = new Api(gateways[0]!.url!, await mintToken({ role: 'ADMIN' }));
    const global = ids.map((id) => Buffer.from(`Customer:${id}`).toString('base64url'));
    const bulks: string[] = [];
    for (let i = 0; i < BULKS; i++)
      bulks.push(await requestBulk(api, global.slice(i * BULK, (i + 1) * BULK)));
    for (const id of bulks) await endedBulk(api, id);
    const times = (await vendor.control.calls()).map(({ at }) => at);
    return useOf(times, await vendor.control.deletes());
  } finally {
    for (const gateway of gateways) gateway.kill();
    await Promise.all(gateways.map((gateway) => gateway.killed()));
    vendor.stop();
    await dropDatabase(databaseUrl);
  }
}
