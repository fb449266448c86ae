import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { RouterTokens } from './access/router-token.ts';
import { type TokenSettings } from './access/token.ts';
import { type BulkPolicy } from './erasure/bulk/policy.ts';
import { DEFAULT_CAPS, type ErasureCaps } from './erasure/cap.ts';
import { type ErasurePolicy } from './erasure/policy.ts';
import type { CallerRates } from './limits/caller-rates.ts';
import { readIntegrations } from './integrations-file.ts';
import { readFingerprints, readRouterTokens, readSigningKeys } from './key-files.ts';
import { readNamedJson } from './named-file.ts';
import type { Network } from './outbound/connector.ts';
import { persistedDocumentsFile } from './persisted-documents-file.ts';
import type { IntegrationConfig } from './providers/index.ts';
import type { StoreLocation } from './store/store.ts';
import { readTokenSettings } from './token-settings.ts';
import { readWebhooks } from './webhooks-file.ts';
import type { WebhookEndpoint } from './webhooks/endpoint.ts';
import { variables, type Variables } from './config-variables.ts';

const HOUR_MS = 3_600_000;

/** Everything that the gateway is told from outside. */
export interface Config {
  host: string;
  port: number;
  /** Host names that are answered, without port. */
  allowedHosts: readonly string[];
  /** Origins of other sites whose pages may call. */
  corsOrigins: readonly string[];
  store: StoreLocation;
  tokens: TokenSettings;
  integrations: readonly IntegrationConfig[];
  /** Who is told of events. */
  webhooks: readonly WebhookEndpoint[];
  graphiql: boolean;
  caps: ErasureCaps;
  policy: ErasurePolicy;
  /** Private keys in PEM that proofs are signed with: the first signs, all are published. */
  signingKeys: string;
  /** What the gateway calls itself in what it signs. */
  origin: string;
  /** Under which the fingerprints of erased customers are made. */
  fingerprintKey: KeyObject;
  /** Hours between two looks for erased customers' accounts that have re-appeared; 0: none. */
  sweepHours: number;
  bulk: BulkPolicy;
  /** How many points a minute callers may spend. */
  rates: CallerRates;
  /** Documents that clients ask for by an id, and whether no others are answered. */
  persisted: { documents: Readonly<Record<string, string>>; only: boolean };
  routerTokens: RouterTokens;
  logLevel: string;
}

/** What verifying the audit log is told from outside. */
export interface AuditConfig extends Pick<Config, 'store' | 'origin'> {
  /** Null: not given. */
  signingKeys: string | null;
}

/** Settings that are missing or bad: one line each, which names the variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

function readVariables(
  schemas: Readonly<Record<string, z.ZodType>>,
  environment: Environment,
  lines: string[],
): Partial<Variables> {
  const values = Object.entries(schemas).map(([name, schema]) => {
    const parsed = schema.safeParse(environment[name] || undefined);
    if (!parsed.success) lines.push(`${name} ${parsed.error.issues[0]!.message}`);
    return [name, parsed.data] as const;
  });
  return Object.fromEntries(values);
}

const networkOf = (allowPrivate: boolean | undefined): Network => (allowPrivate ? 'ANY' : 'PUBLIC');

const storeOf = ({ DATABASE_URL, DATA_DIR }: Pick<Variables, 'DATABASE_URL' | 'DATA_DIR'>): StoreLocation =>
  DATABASE_URL ? { databaseUrl: DATABASE_URL } : { folder: DATA_DIR };

/** Reads what verifying the audit log needs of the environment. @throws {ConfigError} */
export function readAuditConfig(environment: Environment = process.env): AuditConfig {
  const { DATABASE_URL, DATA_DIR, GATEWAY_NAME, SIGNING_KEY_FILE } = variables;
  const needed = { DATABASE_URL, DATA_DIR, GATEWAY_NAME, SIGNING_KEY_FILE: SIGNING_KEY_FILE.optional() };
  const lines: string[] = [];
  const read = readVariables(needed, environment, lines) as Variables;
  const file: string | undefined = read.SIGNING_KEY_FILE;
  const signingKeys = file === undefined ? null : readSigningKeys(file, lines);
  if (lines.length > 0) throw new ConfigError(lines);
  return { store: storeOf(read), origin: read.GATEWAY_NAME, signingKeys };
}

function readDocuments(
  { PERSISTED_DOCUMENTS_FILE: file, PERSISTED_DOCUMENTS_ONLY: only = false }: Partial<Variables>,
  lines: string[],
): Config['persisted'] {
  if (only && !file)
    lines.push('PERSISTED_DOCUMENTS_ONLY needs PERSISTED_DOCUMENTS_FILE, or nothing is answered');
  const documents = file
    ? readNamedJson('PERSISTED_DOCUMENTS_FILE', file, persistedDocumentsFile, lines)
    : null;
  return { documents: documents ?? {}, only };
}

/**
 * Reads the environment and the files that it names. `faultsOf` tells what is wrong with an integration.
 *
 * @throws {ConfigError} with every fault at once.
 */
export function readConfig(
  faultsOf: (integration: IntegrationConfig, allowHttp: boolean) => readonly string[],
  environment: Environment = process.env,
): Config {
  const lines: string[] = [];
  const read = readVariables(variables, environment, lines);
  const tokens = readTokenSettings(Boolean(environment['AUTH_JWKS_URL']), read, lines);
  const signingKeys = readSigningKeys(read.SIGNING_KEY_FILE, lines);
  const fingerprintKey = readFingerprints(read.FINGERPRINT_KEY_FILE, lines);
  const path = read.INTEGRATIONS_FILE;
  const integrations =
    path === undefined
      ? []
      : readIntegrations(path, networkOf(read.UNSAFE_ALLOW_PRIVATE_PROVIDERS), environment, lines);
  const allowHttpProviders = read.UNSAFE_ALLOW_HTTP_PROVIDERS ?? false;
  for (const integration of integrations) {
    lines.push(...faultsOf(integration, allowHttpProviders).map((fault) => `INTEGRATIONS_FILE ${fault}`));
  }
  const webhooksPath = read.WEBHOOKS_FILE;
  const reach = {
    allowHttp: read.UNSAFE_ALLOW_HTTP_WEBHOOKS ?? false,
    network: networkOf(read.UNSAFE_ALLOW_PRIVATE_WEBHOOKS),
  };
  const webhooks = webhooksPath ? readWebhooks(webhooksPath, reach, environment, lines) : [];
  const persisted = readDocuments(read, lines);
  const routerTokens = readRouterTokens(read.ROUTER_TOKENS_FILE, lines);
  if (lines.length > 0) throw new ConfigError(lines);
  const settings = read as Variables;
  return {
    host: settings.HOST,
    port: settings.PORT,
    allowedHosts: settings.ALLOWED_HOSTS,
    corsOrigins: settings.CORS_ORIGINS,
    store: storeOf(settings),
    tokens,
    integrations,
    webhooks,
    graphiql: settings.GRAPHIQL,
    caps: {
      perHour: { ...DEFAULT_CAPS.perHour, ...settings.ERASURES_PER_HOUR },
      sharePerDay: settings.ERASURE_SHARE_PER_DAY,
    },
    policy: {
      approvalFor: new Set(settings.APPROVAL_ROLES),
      approvalForHardCases: settings.APPROVAL_HARD_CASES,
      approvalMs: settings.APPROVAL_EXPIRES_HOURS * HOUR_MS,
      coolOffMs: settings.COOL_OFF_HOURS * HOUR_MS,
      suspends: settings.COOL_OFF_SUSPENDS,
    },
    signingKeys,
    origin: settings.GATEWAY_NAME,
    fingerprintKey: fingerprintKey!,
    sweepHours: settings.SWEEP_HOURS,
    bulk: {
      most: settings.BULK_MAX,
      approvalAbove: settings.BULK_APPROVAL_ABOVE ?? null,
      approvalHours: settings.APPROVAL_EXPIRES_HOURS,
    },
    rates: { caller: settings.RATE_LIMIT, manager: settings.MANAGER_RATE_LIMIT },
    persisted,
    routerTokens,
    logLevel: settings.LOG_LEVEL,
  };
}
