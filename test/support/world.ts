import { readFileSync } from 'node:fs';
import { inject } from 'vitest';
import {
  launchSandbox,
  registerPeople,
  type Sandbox,
  type VendorName,
} from '../../src/commands/launch-sandbox.ts';
import type { IntegrationConfig, LimitSettings } from '../../src/providers/index.ts';
import type { Person } from '../../src/sandbox/people.ts';
import type { GatewayOptions } from '../../src/gateway-options.ts';
import { startGateway, type Gateway } from '../../src/server.ts';
import type { StoreLocation } from '../../src/store/store.ts';
import { TEST_GATEWAY } from './gateway-options.ts';
import { Api } from './api.ts';
import { mintToken, type TokenClaims } from './tokens.ts';
import { watchedLog } from './watched-log.ts';
import { controlsOf, type VendorControls } from './vendors.ts';

/** A gateway over five simulated vendors, with everyone in its directory. */
export interface World {
  sandbox: Sandbox;
  vendors: VendorControls;
  gateway: Gateway;
  people: Person[];
  /** Global id of the customer with a number, 1 to the size of the population. */
  id(number: number): string;
  person(number: number): Person;
  /** A caller with a token. */
  as(claims: TokenClaims): Promise<Api>;
  admin: Api;
  anonymous: Api;
  /** Starts the gateway anew on its store, with other external ids that are never deleted. */
  restart(protectedIds: ProtectedIds): Promise<void>;
  close(): Promise<void>;
}

export const emptyStore = (): StoreLocation => ({ snapshot: new Blob([readFileSync(inject('emptyStore'))]) });

/** External ids that are never deleted, by integration. */
type ProtectedIds = Partial<Record<VendorName, string[]>>;

/** Who is at the vendors, who of them the gateway knows (else all), how much it asks, and what else it reaches. */
interface WorldPeople {
  population?: Person[];
  known?: Person[] | undefined;
  limits?: Partial<Record<VendorName, LimitSettings>>;
  protectedIds?: ProtectedIds;
  more?: IntegrationConfig[];
}

/** Suites look at what a vendor holds right after they changed it. */
const NO_COPIES: Partial<Record<VendorName, object>> = { particle: { listAgeSeconds: 0 } };

/** Waits of hours take milliseconds, in the same order. */
export const quickly = (ms: number): number => Math.min(ms / 100, 20);

/**
 * Starts a world of its own for a suite, with some integrations set up differently. Nothing is mocked: sockets, stores
 * and vendors are real.
 */
export async function startWorld(
  options: Partial<GatewayOptions> = {},
  settings: Partial<Record<VendorName, object>> = {},
  { population, known, limits = {}, protectedIds = {}, more = [] }: WorldPeople = {},
): Promise<World> {
  const sandbox = await launchSandbox(0, population);
  const watched = watchedLog(sandbox.integrations);
  const settled: GatewayOptions = {
    ...TEST_GATEWAY,
    store: options.store ?? emptyStore(),
    integrations: [
      ...sandbox.integrations.map((one) => ({
        ...one,
        limits: limits[one.id as VendorName],
        protected: protectedIds[one.id as VendorName],
        settings: {
          ...(one.settings as object),
          ...NO_COPIES[one.id as VendorName],
          ...settings[one.id as VendorName],
        },
      })),
      ...more.map((entry) => ({ ...entry, network: 'ANY' as const })),
    ],
    log: watched.log,
    pace: quickly,
    ...options,
  };
  const gateway = await startGateway(settled);
  const ids = await registerPeople(gateway.store, known ?? sandbox.people);
  const vendors = controlsOf(sandbox);
  await vendors.engagelab.assume({ deleteDelayMs: 20 });
  const adminToken = await mintToken({ role: 'ADMIN' });
  const world: World = {
    sandbox,
    vendors,
    gateway,
    people: sandbox.people,
    id: (number) => Buffer.from(`Customer:${ids[number - 1]}`).toString('base64url'),
    person: (number) => sandbox.people[number - 1]!,
    as: async (claims) => new Api(world.gateway.url, await mintToken(claims)),
    admin: new Api(gateway.url, adminToken),
    anonymous: new Api(gateway.url, null),
    async restart(kept) {
      await world.gateway.stop();
      const integrations = settled.integrations.map((one) => ({
        ...one,
        protected: kept[one.id as VendorName],
      }));
      world.gateway = await startGateway({ ...settled, integrations });
      world.admin = new Api(world.gateway.url, adminToken);
    },
    async close() {
      await world.gateway.stop();
      await sandbox.close();
      if (watched.leaks.length > 0) throw new Error(`The log tells of: ${watched.leaks.join('')}`);
    },
  };
  return world;
}
