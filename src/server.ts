import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino, { type Logger } from 'pino';
import { remembered } from './access/remembered.ts';
import { RouterTokens } from './access/router-token.ts';
import { tokenReader } from './access/token.ts';
import { startIntegrator } from './audit/integrator.ts';
import { systemClock } from './clock.ts';
import { closeServer } from './close-server.ts';
import { Directory } from './customer/directory.ts';
import { DirectoryCopy } from './customer/directory-copy.ts';
import { advanceImport } from './customer/import/advance.ts';
import { IMPORT_JOB } from './customer/import/start.ts';
import { advanceBulk } from './erasure/bulk/advance.ts';
import { DEFAULT_BULK_POLICY } from './erasure/bulk/policy.ts';
import { BULK_JOB } from './erasure/bulk/words.ts';
import { DEFAULT_POLICY } from './erasure/policy.ts';
import { ERASURE_JOB, type ErasureContext } from './erasure/context.ts';
import { advance } from './erasure/advance.ts';
import { checkFingerprintKey } from './erasure/fingerprint-key.ts';
import { advanceSweep, startSweeps, SWEEP_JOB } from './erasure/reappearance/sweep.ts';
import { startEngine } from './engine/engine.ts';
import { errorForLog } from './error-for-log.ts';
import type { GatewayOptions } from './gateway-options.ts';
import { door, type Route } from './graphql/door.ts';
import { EXPORT_PATH, exportListener } from './graphql/export-listener.ts';
import { HealthLooks } from './graphql/health-looks.ts';
import { openRoutes } from './graphql/open-documents.ts';
import { encodeId } from './graphql/ids.ts';
import { EventStreams, STREAM_PATH } from './graphql/transports/event-streams.ts';
import { WebSockets } from './graphql/transports/web-sockets.ts';
import { upgradeDoor } from './graphql/upgrade-door.ts';
import { GRAPHQL_PATH } from './graphql/yoga-around.ts';
import { graphql } from './graphql/yoga.ts';
import { CallerLimit } from './limits/caller-limit.ts';
import { DEFAULT_RATES } from './limits/caller-rates.ts';
import { IntegrationGate } from './limits/integration-gate.ts';
import { connect, type GateOf } from './providers/index.ts';
import type { Integration } from './providers/provider.ts';
import { Revocations } from './revocation/revocations.ts';
import { unlessRevoked } from './revocation/unless-revoked.ts';
import { readSigner, type Signer } from './signing/signing-key.ts';
import { openStore, type Store } from './store/store.ts';
import { WEBHOOK_JOB } from './webhooks/attempt.ts';
import { webhookContext } from './webhooks/context.ts';
import { deliver } from './webhooks/deliver.ts';
import { fanOut } from './webhooks/fan-out.ts';

/** A gateway that answers. */
export interface Gateway {
  /** Where GraphQL is answered. */
  url: string;
  store: Store;
  stop(): Promise<void>;
}

const RETRY_WAITS_MS = [2_000, 15_000];
const HOUR_MS = 3_600_000;
const ATTEMPT_TIMEOUT_MS = 30_000;
const REQUEST_DEADLINE_MS = 10_000;
const MAX_CONNECTIONS = 5_000;
const COMPILE_AFTER = 2;

/**
 * Whoever sends or reads slowly is cut off within 15 seconds. An idle stream shows a sign of life every 12 seconds, which
 * counts as long as the client takes it.
 */
const TIMEOUTS = {
  headersTimeout: 10_000,
  requestTimeout: 12_000,
  connectionsCheckingInterval: 1_000,
};
const STALLED_MS = 14_000;

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
  signer: Signer,
  log: Logger,
): ErasureContext {
  return {
    store,
    directory: new Directory(store),
    integrations: new Map(integrations.map((integration) => [integration.id, integration])),
    anchor: { signer, origin: options.origin },
    clock: options.clock ?? systemClock,
    fingerprintKey: options.fingerprintKey,
    log,
    caps: options.caps,
    policy: options.policy ?? DEFAULT_POLICY,
    bulk: options.bulk ?? DEFAULT_BULK_POLICY,
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

/** Starts what goes on by itself: jobs, and the audit log's entries on their way into its tree and out as events. */
async function startWork(
  erasures: ErasureContext,
  { webhooks: endpoints = [], sweepHours }: GatewayOptions,
  undo: Undo,
) {
  const { store, log } = erasures;
  const sweeps = { ...erasures, everyMs: sweepHours * HOUR_MS };
  const webhooks = webhookContext(erasures, endpoints);
  const engine = await startEngine(erasures, {
    [ERASURE_JOB]: (id, engine) => advance(erasures, engine, id),
    [BULK_JOB]: (id, engine) => advanceBulk(erasures, engine, id),
    [IMPORT_JOB]: (id) => advanceImport(erasures, id),
    [SWEEP_JOB]: (id, engine) => advanceSweep(sweeps, engine, id),
    [WEBHOOK_JOB]: (id, engine) => deliver(webhooks, engine, id),
  });
  undo.push(() => engine.stop());
  undo.push(() => Promise.all([...webhooks.outlets.values()].map((outlet) => outlet.close())));
  const integrator = startIntegrator(store, log, fanOut(engine, endpoints, encodeId));
  undo.push(() => integrator.stop());
  await startSweeps(sweeps, engine);
  return { engine, webhooks };
}

async function start(options: GatewayOptions, undo: Undo): Promise<Omit<Gateway, 'stop'>> {
  const log = (options.log ?? pino()).child({}, { serializers: { err: errorForLog } });
  const clock = options.clock ?? systemClock;
  const readToken = await tokenReader(options.tokens, { clock, log });
  const signer = await readSigner(options.signingKeys);
  const store = await openStore(options.store);
  undo.push(() => store.close());
  await checkFingerprintKey(store, options.fingerprintKey);
  const { maxAgeSeconds } = options.tokens;
  const revocations = new Revocations({ store, clock, log, maxAgeSeconds });
  undo.push(() => revocations.stop());
  const authenticate = unlessRevoked(remembered(readToken), revocations);
  const integrations = options.integrations.map((entry) => connect(entry, gatesOn(options, store, log)));
  undo.push(() => Promise.all(integrations.map((integration) => integration.close())));
  const erasures = contextOf(options, store, integrations, signer, log);
  const { engine, webhooks } = await startWork(erasures, options, undo);
  const { graphiql, allowedHosts, origin } = options;
  const health = new HealthLooks(erasures.clock);
  const { directory } = erasures;
  const callerLimit = new CallerLimit(store.db, options.rates ?? DEFAULT_RATES, erasures.clock);
  const parts = {
    store,
    directory,
    directoryCopy: new DirectoryCopy(store),
    integrations,
    erasures,
    webhooks,
    engine,
    health,
    callerLimit,
    signer,
    revocations,
    origin,
    requestDeadlineMs: options.requestDeadlineMs ?? REQUEST_DEADLINE_MS,
    log,
  };
  const routerTokens = options.routerTokens ?? new RouterTokens([]);
  const persisted = options.persisted ?? { documents: {}, only: false };
  const compileAfter = options.compileAfter ?? COMPILE_AFTER;
  const { listener, execute } = await graphql(parts, {
    authenticate,
    routerTokens,
    graphiql,
    persisted,
    compileAfter,
  });
  const streams = new EventStreams(parts, { authenticate, execute });
  const routes: Record<string, Route> = {
    [GRAPHQL_PATH]: { methods: ['POST'], answer: listener },
    [EXPORT_PATH]: { methods: ['POST'], answer: exportListener(parts, authenticate) },
    [STREAM_PATH]: {
      methods: ['PUT', 'GET', 'POST', 'DELETE'],
      answer: (request, response) => streams.answer(request, response),
    },
  };
  const corsOrigins = new Set(options.corsOrigins);
  const server = createServer(
    TIMEOUTS,
    door({
      allowedHosts,
      graphiql: graphiql !== null,
      corsOrigins,
      open: openRoutes(store, signer.publicKeys),
      log,
      routes,
    }),
  );
  server.maxConnections = MAX_CONNECTIONS;
  server.setTimeout(STALLED_MS);
  const sockets = new WebSockets({ authenticate, execute, revocations, log });
  upgradeDoor(server, {
    allowedHosts,
    corsOrigins,
    path: GRAPHQL_PATH,
    open: (request, socket, head) => sockets.open(request, socket, head),
  });
  const url = await listen(server, options.host, options.port);
  undo.push(() => closeServer(server, [sockets, store.changes, streams]));
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
