import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino, { type Logger } from 'pino';
import { tokenReader, type TokenSettings } from './access/token.ts';
import { systemClock, type Clock } from './clock.ts';
import { Directory } from './customer/directory.ts';
import { advanceImport } from './customer/import/advance.ts';
import { IMPORT_JOB } from './customer/import/start.ts';
import type { ErasureCaps } from './erasure/cap.ts';
import { DEFAULT_POLICY, type ErasurePolicy } from './erasure/policy.ts';
import { ERASURE_JOB, type ErasureContext } from './erasure/context.ts';
import { advance } from './erasure/advance.ts';
import { startEngine } from './engine/engine.ts';
import { errorForLog } from './error-for-log.ts';
import { door } from './graphql/door.ts';
import type { GraphiqlOptions } from './graphql/graphiql.ts';
import { HealthLooks } from './graphql/health-looks.ts';
import { graphqlListener, GRAPHQL_PATH } from './graphql/yoga.ts';
import { IntegrationGate } from './limits/integration-gate.ts';
import { connect, type GateOf, type IntegrationConfig } from './providers/index.ts';
import type { Integration } from './providers/provider.ts';
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
  /** How many customers may be deleted in how much time; null: any, for tests alone. */
  caps: ErasureCaps | null;
  /** What has to happen before the first delete; by itself nothing. */
  policy?: ErasurePolicy;
  log?: Logger;
  clock?: Clock;
  /** Turns each wait of an erasure into the one that is really waited. */
  pace?: ErasureContext['pace'];
  /** When an attempt that begins now is given up. */
  deadline?: ErasureContext['deadline'];
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
const ATTEMPT_TIMEOUT_MS = 30_000;
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

/** Undoes what was started, the latest first. */
type Undo = (() => Promise<unknown>)[];

async function undoAll(undo: Undo): Promise<void> {
  for (const step of undo.splice(0).toReversed()) await step();
}

function contextOf(
  options: GatewayOptions,
  store: Store,
  integrations: readonly Integration[],
  log: Logger,
): ErasureContext {
  return {
    store,
    directory: new Directory(store),
    integrations: new Map(integrations.map((integration) => [integration.id, integration])),
    clock: options.clock ?? systemClock,
    log,
    caps: options.caps,
    policy: options.policy ?? DEFAULT_POLICY,
    retryWaitsMs: RETRY_WAITS_MS,
    pace: options.pace ?? ((ms) => ms),
    deadline: options.deadline ?? (() => AbortSignal.timeout(ATTEMPT_TIMEOUT_MS)),
    checkpoint: options.checkpoint ?? (() => {}),
  };
}

const gatesOn =
  ({ pace = (ms) => ms }: GatewayOptions, { db }: Store, log: Logger): GateOf =>
  (id, provider, { rateLimit, concurrency }) =>
    new IntegrationGate({ id, provider, rateLimit, concurrency, db, pace, log });

/** Ends open streams, so that nothing holds the server, and waits until no connection is left. */
async function closeServer(server: Server, store: Store): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  store.changes.close();
  server.closeAllConnections();
  await closed;
}

async function start(options: GatewayOptions, undo: Undo): Promise<Omit<Gateway, 'stop'>> {
  const log = (options.log ?? pino()).child({}, { serializers: { err: errorForLog } });
  const authenticate = await tokenReader(options.tokens);
  const store = await openStore(options.store);
  undo.push(() => store.close());
  const integrations = options.integrations.map((entry) => connect(entry, gatesOn(options, store, log)));
  undo.push(() => Promise.all(integrations.map((integration) => integration.close())));
  const erasures = contextOf(options, store, integrations, log);
  const engine = await startEngine(erasures, {
    [ERASURE_JOB]: (id) => advance(erasures, id),
    [IMPORT_JOB]: (id) => advanceImport(erasures, id),
  });
  undo.push(() => engine.stop());
  const { graphiql, allowedHosts } = options;
  const health = new HealthLooks(erasures.clock);
  const parts = { store, directory: erasures.directory, integrations, erasures, engine, health, log };
  const graphql = await graphqlListener(parts, { authenticate, graphiql });
  const server = createServer(
    { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
    door({ allowedHosts, graphiql: graphiql !== null, graphql }),
  );
  server.maxConnections = MAX_CONNECTIONS;
  const url = await listen(server, options.host, options.port);
  undo.push(() => closeServer(server, store));
  log.info({ url, integrations: integrations.map(({ id }) => id) }, 'listening');
  return { url, store };
}

/** Starts everything, in the order in which it depends on each other; or nothing, when something cannot be started. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const undo: Undo = [];
  try {
    return { ...(await start(options, undo)), stop: () => undoAll(undo) };
  } catch (error) {
    await undoAll(undo);
    throw error;
  }
}
