import type { KeyObject } from 'node:crypto';
import type { Logger } from 'pino';
import type { RouterTokens } from './access/router-token.ts';
import type { TokenSettings } from './access/token.ts';
import type { Clock } from './clock.ts';
import type { BulkPolicy } from './erasure/bulk/policy.ts';
import type { ErasureCaps } from './erasure/cap.ts';
import type { ErasureContext } from './erasure/context.ts';
import type { ErasurePolicy } from './erasure/policy.ts';
import type { GraphiqlOptions } from './graphql/graphiql.ts';
import type { PersistedOptions } from './graphql/persisted-documents.ts';
import type { CallerRates } from './limits/caller-rates.ts';
import type { IntegrationConfig } from './providers/index.ts';
import type { StoreLocation } from './store/store.ts';
import type { WebhookEndpoint } from './webhooks/endpoint.ts';

/** What a gateway is made of. */
export interface GatewayOptions {
  host: string;
  port: number;
  allowedHosts: readonly string[];
  /** Origins of other sites whose pages may call; none unless given. */
  corsOrigins?: readonly string[];
  store: StoreLocation;
  tokens: TokenSettings;
  integrations: readonly IntegrationConfig[];
  /** Who is told of events; nobody unless given. */
  webhooks?: readonly WebhookEndpoint[];
  graphiql: GraphiqlOptions | null;
  /** How many customers may be deleted in how much time; null: any, for tests alone. */
  caps: ErasureCaps | null;
  /** What has to happen before the first delete; by itself nothing. */
  policy?: ErasurePolicy;
  /** Ed25519 private keys in PEM: the first signs proofs, all are published. */
  signingKeys: string;
  /** What the gateway calls itself in what it signs. */
  origin: string;
  /** Under which the fingerprints of erased customers are made; for one database always the same. */
  fingerprintKey: KeyObject;
  /** Hours between two looks for erased customers' accounts that have re-appeared; 0: none. */
  sweepHours: number;
  bulk?: BulkPolicy;
  /** How many points a minute callers may spend. */
  rates?: CallerRates;
  /** Documents that clients ask for by an id; none unless given. */
  persisted?: PersistedOptions;
  /** Unless given, there is no router. */
  routerTokens?: RouterTokens;
  /** How often a query is answered before it is compiled. */
  compileAfter?: number;
  log?: Logger;
  clock?: Clock;
  /** How long a request waits for providers, in ms. */
  requestDeadlineMs?: number;
  /** Turns each wait of an erasure into the one that is really waited. */
  pace?: ErasureContext['pace'];
  /** When an attempt that begins now is given up. */
  deadline?: ErasureContext['deadline'];
  checkpoint?: ErasureContext['checkpoint'];
}
