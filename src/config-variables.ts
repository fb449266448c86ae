import { z } from 'zod';
import { ALGORITHMS } from './access/algorithms.ts';
import { DEFAULT_TOKEN_RULES } from './access/token.ts';
import { ROLES } from './access/viewer.ts';
import { DEFAULT_BULK_POLICY } from './erasure/bulk/policy.ts';
import { DEFAULT_CAPS, type ErasureCaps } from './erasure/cap.ts';
import { DEFAULT_POLICY } from './erasure/policy.ts';
import { DEFAULT_RATES } from './limits/caller-rates.ts';

const list = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim().toLowerCase())
    .filter(Boolean);
const hosts = z.string().transform(list);
const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text;
const origins = z
  .string()
  .transform(list)
  .refine((all) => all.every(isOrigin), 'must be like https://app.example.com,https://other.example.com');
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
const hours = z.coerce.number({ error: 'must be a number' }).min(0).max(2_160);
const DEFAULT_NAME = 'customer-gateway';

const { types, maxAgeSeconds, claims } = DEFAULT_TOKEN_RULES;
const claim = (name: string) => z.string().max(255, 'must have at most 255 characters').default(name);

/** What the demo's tokens are issued by; no other gateway accepts them. */
export const DEMO_ISSUER = 'customer-gateway-demo';

const algorithms = ALGORITHMS.join(', ');

/** Follows what is said of a missing or bad key. */
export const HOW_TO_MAKE_A_KEY = 'make one with: openssl rand -base64 32 > FILE';

/** Every variable; an empty one counts as missing. */
export const variables = {
  HOST: z.string().default('127.0.0.1').describe('address to listen on'),
  PORT: port.default(4000).describe('port to listen on'),
  ALLOWED_HOSTS: hosts
    .prefault('localhost,127.0.0.1,[::1]')
    .describe('host names that are answered, without port, separated by commas'),
  CORS_ORIGINS: origins
    .prefault('')
    .describe('origins of other sites whose pages may call, separated by commas; none unless given'),
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
    .refine((issuer) => issuer !== DEMO_ISSUER, "must not be the demo's")
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
  AUTH_TOKEN_TYPES: z
    .string()
    .prefault(types.join(','))
    .transform((text) => text.split(',').flatMap((type) => type.trim() || []))
    .describe('types (typ) of tokens that are accepted'),
  AUTH_MAX_AGE_SECONDS: whole(60, 31_536_000)
    .default(maxAgeSeconds)
    .describe('how long after its issue (iat) a token is accepted at the most'),
  AUTH_CLAIM_SUBJECT: claim(claims.subject).describe('claim that says who it is'),
  AUTH_CLAIM_ROLE: claim(claims.role).describe(`claim that says the role: ${ROLES.join(', ')}`),
  AUTH_CLAIM_SCOPES: claim(claims.scopes).describe('claim that says the scopes: a string, or a list of them'),
  AUTH_CLAIM_MANAGER: claim(claims.manager).describe('claim that says the manager that RESALE acts for'),
  UNSAFE_ALLOW_HTTP_PROVIDERS: flag.prefault('false').describe('reach providers without TLS'),
  UNSAFE_ALLOW_HTTP_WEBHOOKS: flag.prefault('false').describe('send events without TLS'),
  UNSAFE_ALLOW_PRIVATE_PROVIDERS: flag
    .prefault('false')
    .describe('reach providers at addresses that are not of the public Internet'),
  UNSAFE_ALLOW_PRIVATE_WEBHOOKS: flag
    .prefault('false')
    .describe('send events to addresses that are not of the public Internet'),
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
  RATE_LIMIT: whole(100, 1_000_000)
    .default(DEFAULT_RATES.caller)
    .describe(
      'points that a caller may spend a minute; a point is a customer whom providers are asked about',
    ),
  MANAGER_RATE_LIMIT: whole(100, 1_000_000)
    .default(DEFAULT_RATES.manager)
    .describe('points that all RESALE callers of one tree of managers may spend a minute'),
  PERSISTED_DOCUMENTS_FILE: z
    .string()
    .optional()
    .describe('JSON file with GraphQL documents by id, which clients may send in place of a document'),
  PERSISTED_DOCUMENTS_ONLY: flag
    .prefault('false')
    .describe('answer the documents of that file and no others'),
  ROUTER_TOKENS_FILE: z
    .string()
    .optional()
    .describe('file with the tokens of federated routers, one a line; without it nobody is a router'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('least severe level that is logged'),
};

export type Variables = { [Name in keyof typeof variables]: z.infer<(typeof variables)[Name]> };

/** The variables and what each is for, one a line. */
export function describeVariables(): string {
  const lines = Object.entries(variables).map(
    ([name, schema]) => `  ${name.padEnd(28)} ${schema.description}`,
  );
  return lines.join('\n');
}
