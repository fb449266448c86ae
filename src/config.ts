import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { ALGORITHMS, type TokenSettings } from './access/token.ts';
import { ROLES } from './access/viewer.ts';
import { DEFAULT_BULK_POLICY, type BulkPolicy } from './erasure/bulk/policy.ts';
import { DEFAULT_CAPS, type ErasureCaps } from './erasure/cap.ts';
import { DEFAULT_POLICY, type ErasurePolicy } from './erasure/policy.ts';
import { readFingerprintKey } from './erasure/fingerprint-key.ts';
import { readIntegrations } from './integrations-file.ts';
import { readNamedFile } from './named-file.ts';
import type { IntegrationConfig } from './providers/index.ts';
import { readPrivateKeys } from './signing/private-keys.ts';
import type { StoreLocation } from './store/store.ts';
import { readWebhooks } from './webhooks-file.ts';
import type { WebhookEndpoint } from './webhooks/endpoint.ts';

/** Everything that the gateway is told from outside. */
export interface Config {
  host: string;
  port: number;
  /** Host names that are answered, without port. */
  allowedHosts: readonly string[];
  store: StoreLocation;
  tokens: TokenSettings;
  integrations: readonly IntegrationConfig[];
  /** Whether providers may be reached without TLS. */
  allowHttpProviders: boolean;
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

const hosts = z.string().transform((text) =>
  text
    .split(',')
    .map((host) => host.trim().toLowerCase())
    .filter(Boolean),
);
const flag = z
  .enum(['true', 'false'], { error: 'must be true or false' })
  .transform((text) => text === 'true');
const whole = (least: number, most: number) =>
  z.coerce
    .number({ error: 'must be a number' })
    .int('must be a whole number')
    .min(least, `must be at least ${least}`)
    .max(most, `must be at most ${most}`);
const port = z.coerce.number({ error: 'must be a number' }).int().min(0).max(65_535);

const HOUR_MS = 3_600_000;
const hours = z.coerce.number({ error: 'must be a number of hours' }).min(0).max(2_160);
const DEFAULT_NAME = 'customer-gateway';

const algorithms = ALGORITHMS.join(', ');

const HOW_TO_MAKE_A_KEY = 'make one with: openssl rand -base64 32 > FILE';

/** Every variable; an empty one counts as missing. */
const variables = {
  HOST: z.string().default('127.0.0.1').describe('address to listen on'),
  PORT: port.default(4000).describe('port to listen on'),
  ALLOWED_HOSTS: hosts
    .prefault('localhost,127.0.0.1,[::1]')
    .describe('host names that are answered, without port, separated by commas'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgresql://')
    .optional()
    .describe('PostgreSQL; without it the store is embedded, for one process'),
  DATA_DIR: z.string().default('./data').describe('folder of the embedded store'),
  INTEGRATIONS_FILE: z
    .string({ error: 'is missing: the path of a JSON file that lists the integrations' })
    .describe('JSON file that lists the integrations'),
  WEBHOOKS_FILE: z.string().optional().describe('JSON file that lists who is told of events'),
  AUTH_ISSUER: z
    .string({ error: 'is missing: the issuer (iss) of the tokens' })
    .describe('issuer (iss) of the tokens'),
  AUTH_AUDIENCE: z
    .string({ error: 'is missing: the audience (aud) of the tokens' })
    .describe('audience (aud) of the tokens'),
  AUTH_JWKS_URL: z
    .url({ protocol: /^https$/, error: 'must be an https URL' })
    .optional()
    .describe('where the keys are that sign tokens; this, or the next'),
  AUTH_PUBLIC_KEY_FILE: z.string().optional().describe('one public key, PEM (SPKI)'),
  AUTH_ALGORITHM: z
    .enum(ALGORITHMS, { error: `must be one of ${algorithms}` })
    .default('EdDSA')
    .describe(`algorithm of that key: ${algorithms}`),
  UNSAFE_ALLOW_HTTP_PROVIDERS: flag.prefault('false').describe('reach providers without TLS'),
  UNSAFE_ALLOW_HTTP_WEBHOOKS: flag.prefault('false').describe('send events without TLS'),
  GRAPHIQL: flag.prefault('false').describe('serve GraphiQL and answer introspection'),
  ERASURES_PER_HOUR: z
    .string()
    .regex(
      /^(ADMIN|MASTER|RESALE)=\d{1,6}(,(ADMIN|MASTER|RESALE)=\d{1,6}){0,2}$/,
      'must be like ADMIN=100,MASTER=50',
    )
    .optional()
    .transform((text): Partial<ErasureCaps['perHour']> => {
      const pairs = text?.split(',').map((pair) => pair.split('=')) ?? [];
      return Object.fromEntries(pairs.map(([role, count]) => [role, Number(count)]));
    })
    .describe('customers that each role may delete an hour: ADMIN=100,MASTER=50,RESALE=20 unless given'),
  ERASURE_SHARE_PER_DAY: z.coerce
    .number({ error: 'must be a number' })
    .min(0)
    .max(1)
    .default(DEFAULT_CAPS.sharePerDay)
    .describe("share of an integration's known customers that may be deleted a day, 0 to 1"),
  APPROVAL_ROLES: z
    .string()
    .optional()
    .transform((text) => text?.split(',') ?? [])
    .pipe(z.array(z.enum(ROLES, { error: `must be some of ${ROLES.join(',')}` })))
    .describe('roles whose every erasure somebody else has to approve: RESALE or RESALE,MASTER'),
  APPROVAL_HARD_CASES: flag
    .prefault('false')
    .describe('have somebody else approve what the plan could not look at closely'),
  APPROVAL_EXPIRES_HOURS: hours
    .min(1)
    .default(DEFAULT_POLICY.approvalMs / HOUR_MS)
    .describe('how long an erasure waits for its approval'),
  COOL_OFF_HOURS: hours.default(0).describe('how long every erasure can still be called off'),
  COOL_OFF_SUSPENDS: flag
    .prefault('false')
    .describe('suspend accounts meanwhile, where the provider can undo that'),
  SIGNING_KEY_FILE: z
    .string({
      error:
        'is missing: the key that proofs are signed with; make one by: openssl genpkey -algorithm ed25519 -out FILE',
    })
    .describe('Ed25519 private keys, PEM (PKCS 8): the first signs proofs, all are published'),
  GATEWAY_NAME: z
    .string()
    .max(255)
    .default(DEFAULT_NAME)
    .describe('what the gateway calls itself in what it signs'),
  FINGERPRINT_KEY_FILE: z
    .string({ error: `is missing: the file with the key of the fingerprints; ${HOW_TO_MAKE_A_KEY}` })
    .describe(
      'key of the fingerprints that stay of erased customers, 32 bytes as base64 or hex; never lose it',
    ),
  SWEEP_HOURS: hours
    .default(24)
    .describe('hours between two looks for accounts of erased customers that have re-appeared; 0: none'),
  BULK_MAX: whole(1, 1_000)
    .default(DEFAULT_BULK_POLICY.most)
    .describe('customers that may be deleted by one request'),
  BULK_APPROVAL_ABOVE: whole(0, 1_000)
    .optional()
    .describe('customers of one request above which somebody else has to approve; never unless given'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('least severe level that is logged'),
};

/** The variables and what each is for, one a line. */
export function describeVariables(): string {
  const lines = Object.entries(variables).map(
    ([name, schema]) => `  ${name.padEnd(28)} ${schema.description}`,
  );
  return lines.join('\n');
}

type Variables = { [Name in keyof typeof variables]: z.infer<(typeof variables)[Name]> };

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

function readKey(
  environment: Environment,
  settings: Partial<Variables>,
  lines: string[],
): TokenSettings['key'] {
  const {
    AUTH_JWKS_URL: jwksUrl,
    AUTH_PUBLIC_KEY_FILE: file,
    AUTH_ALGORITHM: algorithm = 'EdDSA',
  } = settings;
  if (environment['AUTH_JWKS_URL'] && file) lines.push('AUTH_JWKS_URL and AUTH_PUBLIC_KEY_FILE are both set');
  if (jwksUrl) return { jwksUrl };
  if (file) return { publicKey: readNamedFile('AUTH_PUBLIC_KEY_FILE', file, lines) ?? '', algorithm };
  if (!environment['AUTH_JWKS_URL']) {
    lines.push('AUTH_JWKS_URL or AUTH_PUBLIC_KEY_FILE is missing: where the keys come from that sign tokens');
  }
  return { publicKey: '', algorithm };
}

function readSigningKeys(file: string | undefined, lines: string[]): string {
  const pem = file === undefined ? null : readNamedFile('SIGNING_KEY_FILE', file, lines);
  if (pem === null) return '';
  try {
    readPrivateKeys(pem);
  } catch (error) {
    lines.push(`SIGNING_KEY_FILE names ${file}: ${(error as Error).message}`);
  }
  return pem;
}

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

function readFingerprints(
  { FINGERPRINT_KEY_FILE: file }: Partial<Variables>,
  lines: string[],
): KeyObject | null {
  const text = file === undefined ? null : readNamedFile('FINGERPRINT_KEY_FILE', file, lines);
  const key = text === null ? null : readFingerprintKey(text);
  if (text !== null && !key)
    lines.push(`FINGERPRINT_KEY_FILE names a file without 32 bytes as base64 or hex; ${HOW_TO_MAKE_A_KEY}`);
  return key;
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
  const key = readKey(environment, read, lines);
  const signingKeys = readSigningKeys(read.SIGNING_KEY_FILE, lines);
  const fingerprintKey = readFingerprints(read, lines);
  const path = read.INTEGRATIONS_FILE;
  const integrations = path === undefined ? [] : readIntegrations(path, environment, lines);
  const allowHttpProviders = read.UNSAFE_ALLOW_HTTP_PROVIDERS ?? false;
  for (const integration of integrations) {
    lines.push(...faultsOf(integration, allowHttpProviders).map((fault) => `INTEGRATIONS_FILE ${fault}`));
  }
  const webhooksPath = read.WEBHOOKS_FILE;
  const allowHttpWebhooks = read.UNSAFE_ALLOW_HTTP_WEBHOOKS ?? false;
  const webhooks = webhooksPath ? readWebhooks(webhooksPath, allowHttpWebhooks, environment, lines) : [];
  if (lines.length > 0) throw new ConfigError(lines);
  const settings = read as Variables;
  return {
    host: settings.HOST,
    port: settings.PORT,
    allowedHosts: settings.ALLOWED_HOSTS,
    store: storeOf(settings),
    tokens: { issuer: settings.AUTH_ISSUER, audience: settings.AUTH_AUDIENCE, key },
    integrations,
    allowHttpProviders,
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
    logLevel: settings.LOG_LEVEL,
  };
}
