import { z } from 'zod';
import { ALGORITHMS, type TokenSettings } from './access/token.ts';
import { DEFAULT_BULK_POLICY, type BulkPolicy } from './erasure/bulk/policy.ts';
import { DEFAULT_CAPS, type ErasureCaps } from './erasure/cap.ts';
import { readIntegrations, readNamedFile } from './integrations-file.ts';
import type { IntegrationConfig } from './providers/index.ts';
import type { StoreLocation } from './store/store.ts';

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
  graphiql: boolean;
  caps: ErasureCaps;
  bulk: BulkPolicy;
  logLevel: string;
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

const algorithms = ALGORITHMS.join(', ');

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
  BULK_MAX: whole(1, 1_000)
    .default(DEFAULT_BULK_POLICY.most)
    .describe('customers that may be deleted by one request'),
  BULK_APPROVAL_ABOVE: whole(0, 1_000)
    .optional()
    .describe('customers of one request above which somebody else has to approve; never unless given'),
  APPROVAL_EXPIRES_HOURS: whole(1, 8_760)
    .default(DEFAULT_BULK_POLICY.approvalHours)
    .describe('hours after which what waits for an approval is denied'),
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

function readVariables(environment: Environment, lines: string[]): Partial<Variables> {
  const values = Object.entries(variables).map(([name, schema]) => {
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
  const read = readVariables(environment, lines);
  const key = readKey(environment, read, lines);
  const path = read.INTEGRATIONS_FILE;
  const integrations = path === undefined ? [] : readIntegrations(path, environment, lines);
  const allowHttpProviders = read.UNSAFE_ALLOW_HTTP_PROVIDERS ?? false;
  for (const integration of integrations) {
    lines.push(...faultsOf(integration, allowHttpProviders).map((fault) => `INTEGRATIONS_FILE ${fault}`));
  }
  if (lines.length > 0) throw new ConfigError(lines);
  const settings = read as Variables;
  return {
    host: settings.HOST,
    port: settings.PORT,
    allowedHosts: settings.ALLOWED_HOSTS,
    store: settings.DATABASE_URL ? { databaseUrl: settings.DATABASE_URL } : { folder: settings.DATA_DIR },
    tokens: { issuer: settings.AUTH_ISSUER, audience: settings.AUTH_AUDIENCE, key },
    integrations,
    allowHttpProviders,
    graphiql: settings.GRAPHIQL,
    caps: {
      perHour: { ...DEFAULT_CAPS.perHour, ...settings.ERASURES_PER_HOUR },
      sharePerDay: settings.ERASURE_SHARE_PER_DAY,
    },
    bulk: {
      most: settings.BULK_MAX,
      approvalAbove: settings.BULK_APPROVAL_ABOVE ?? null,
      approvalHours: settings.APPROVAL_EXPIRES_HOURS,
    },
    logLevel: settings.LOG_LEVEL,
  };
}
