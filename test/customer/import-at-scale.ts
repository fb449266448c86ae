import { expect, vi } from 'vitest';
import type { IntegrationConfig } from '../../src/providers/index.ts';
import { Secret } from '../../src/providers/secret.ts';
import { ONELOGIN_CLIENT } from '../../src/sandbox/onelogin-tokens.ts';
import { PARTICLE_CLIENT, PARTICLE_PRODUCT } from '../../src/sandbox/particle.ts';
import { startGatewayProcess, type GatewayProcess } from '../crash/gateway-process.ts';
import type { LastingStore } from '../crash/order.ts';
import { Api, type GraphqlAnswer } from '../support/api.ts';
import { mintToken, tokenSettings } from '../support/tokens.ts';
import { startVendorProcess, type VendorOrder, type VendorProcess } from '../support/vendor-process.ts';

type Name = 'particle' | 'onelogin';

const IMPORT = `query ($id: ID!) { node(id: $id) { ... on CustomerImport {
  state read created linked skipped ambiguous errorMessage
  ambiguousAccounts(first: 100) { edges { node { ambiguity } } }
} } }`;

const BEGIN = `mutation ($id: ID!) { importCustomers(input: { integrationId: $id }) {
  ... on ImportCustomersPayload { import { id } } } }`;

/** A gateway in a process of its own that imports from two vendors in theirs, and is killed on the way. */
export class ImportAtScale {
  readonly #store: LastingStore;
  readonly #vendors: Record<Name, VendorProcess>;
  #gateway: GatewayProcess | undefined;
  #api: Api | undefined;

  private constructor(store: LastingStore, vendors: Record<Name, VendorProcess>) {
    this.#store = store;
    this.#vendors = vendors;
  }

  static async start(
    store: LastingStore,
    people: Pick<VendorOrder, 'count' | 'twinsEvery'>,
  ): Promise<ImportAtScale> {
    const vendors = {
      particle: await startVendorProcess({ name: 'particle', count: people.count }),
      onelogin: await startVendorProcess({ name: 'onelogin', ...people }),
    };
    for (const { control } of Object.values(vendors))
      await control.fault({ kind: 'LATENCY', ms: 50, method: 'GET' });
    const started = new ImportAtScale(store, vendors);
    await started.#startGateway();
    return started;
  }

  async begin(integrationId: Name): Promise<string> {
    return (await this.#api!.data(BEGIN, { id: integrationId })).importCustomers.import.id;
  }

  /** Follows an import to its end, and kills the gateway in the middle of reading and in the middle of matching. */
  async throughKills(id: string, killAt: number): Promise<GraphqlAnswer['data']> {
    await this.#until(id, ({ read }) => read > killAt);
    expect((await this.#read(id)).state).toBe('READING');
    await this.#restart();
    await this.#until(id, ({ state }) => state !== 'READING');
    expect((await this.#read(id)).state).toBe('MATCHING');
    await this.#restart();
    await this.#until(id, ({ state }) => state === 'COMPLETED' || state === 'FAILED');
    return this.#read(id);
  }

  /** Resident memory in MB after each thousand accounts that were read, so many times. */
  async memoryWhileReading(id: string, thousands: number): Promise<number[]> {
    const memory: number[] = [];
    for (let i = 1; i <= thousands; i++) {
      await this.#until(id, ({ read }) => read >= i * 1000);
      memory.push(Math.round(this.#gateway!.memory() / 1024 / 1024));
    }
    await this.#until(id, ({ state }) => state === 'COMPLETED');
    return memory;
  }

  /** The pages that were asked for. */
  async pages(name: Name, path: string): Promise<string[]> {
    return (await this.#vendors[name].control.calls())
      .map((call) => call.path)
      .filter((one) => one.includes(path));
  }

  async stop(): Promise<void> {
    this.#gateway?.kill();
    await this.#gateway?.killed();
    for (const vendor of Object.values(this.#vendors)) vendor.stop();
  }

  async #startGateway(): Promise<void> {
    const { particle, onelogin } = this.#vendors;
    const client = { clientId: PARTICLE_CLIENT.id, clientSecret: new Secret(PARTICLE_CLIENT.secret) };
    const pair = { clientId: ONELOGIN_CLIENT.id, clientSecret: new Secret(ONELOGIN_CLIENT.secret) };
    const integrations: IntegrationConfig[] = [
      {
        id: 'particle',
        provider: 'PARTICLE',
        network: 'ANY',
        settings: { baseUrl: particle.url, product: PARTICLE_PRODUCT, ...client },
      },
      { id: 'onelogin', provider: 'ONELOGIN', network: 'ANY', settings: { baseUrl: onelogin.url, ...pair } },
    ];
    const order = { store: this.#store, tokens: tokenSettings, crash: null, integrations };
    this.#gateway = await startGatewayProcess(order);
    if (!this.#gateway.url) throw new Error(this.#gateway.errors());
    this.#api = new Api(this.#gateway.url, await mintToken({ role: 'ADMIN' }));
  }

  async #restart(): Promise<void> {
    this.#gateway!.kill();
    await this.#gateway!.killed();
    await this.#startGateway();
  }

  async #read(id: string): Promise<GraphqlAnswer['data']> {
    return (await this.#api!.data(IMPORT, { id })).node;
  }

  async #until(id: string, enough: (seen: GraphqlAnswer['data']) => boolean): Promise<void> {
    await vi.waitUntil(async () => enough(await this.#read(id)), { timeout: 120_000, interval: 5 });
  }
}
