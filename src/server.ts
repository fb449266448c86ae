import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino, { type Logger } from 'pino';
import { tokenReader, type TokenSettings } from './access/token.ts';
import { systemClock, type Clock } from './clock.ts';
import { Directory } from './customer/directory.ts';
import type { ErasureContext } from './erasure/context.ts';
import { startEngine } from './erasure/engine.ts';
import { door } from './graphql/door.ts';
import { graphqlListener, GRAPHQL_PATH, type GraphiqlOptions } from './graphql/yoga.ts';
import { connect, type IntegrationConfig } from './providers/index.ts';
import { openStore, type Store, type StoreLocation } from './store/store.ts';

/** What a gateway is made of. */
export interface GatewayOptions {
  host: string;
  port: number;
  allowedHosts: readonly string[];
  store: StoreLocation;
  tokens: TokenSettings;
  integrations: readonly IntegrationConfig[];
  graphiql: GraphiqlOptions | null;
  log?: Logger;
  clock?: Clock;
  /** Turns each wait of an erasure into the one that is really waited. */
  pace?: ErasureContext['pace'];
  checkpoint?: ErasureContext['checkpoint'];
}

/** A gateway that answers. */
export interface Gateway {
  /** Where GraphQL is answered. */
  url: string;
  store: Store;
  stop(): Promise<void>;
}

const RETRY_WAITS_MS = [2_000, 15_000];
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 15_000;
const MAX_CONNECTIONS = 5_000;

async function listen(server: Server, host: string, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${taken}${GRAPHQL_PATH}`;
}

/** Starts everything, in the order in which it depends on each other. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const log = options.log ?? pino();
  const authenticate = await tokenReader(options.tokens);
  const integrations = options.integrations.map(connect);
  const store = await openStore(options.store);
  const directory = new Directory(store);
  const erasures: ErasureContext = {
    store,
    directory,
    integrations: new Map(integrations.map((integration) => [integration.id, integration])),
    clock: options.clock ?? systemClock,
    log,
    retryWaitsMs: RETRY_WAITS_MS,
    pace: options.pace ?? ((ms) => ms),
    checkpoint: options.checkpoint ?? (() => {}),
  };
  const engine = await startEngine(erasures);
  const parts = { store, directory, integrations, erasures, engine, log };
  const { graphiql, allowedHosts } = options;
  const graphql = await graphqlListener(parts, { authenticate, graphiql });
  const server = createServer(
    { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
    door({ allowedHosts, graphiql: graphiql !== null, graphql }),
  );
  server.maxConnections = MAX_CONNECTIONS;
  const url = await listen(server, options.host, options.port);
  log.info({ url, integrations: integrations.map(({ id }) => id) }, 'listening');

  return {
    url,
    store,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      store.changes.close();
      server.closeAllConnections();
      await closed;
      await engine.stop();
      await Promise.all(integrations.map((integration) => integration.close()));
      await store.close();
    },
  };
}
