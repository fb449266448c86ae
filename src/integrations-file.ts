import { z } from 'zod';
import type { Network } from './outbound/connector.ts';
import { readNamedJson } from './named-file.ts';
import type { IntegrationConfig } from './providers/index.ts';
import { referredSecret, secretReference } from './secret-reference.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Puts secrets in the place of `{"env": "NAME"}` and `{"file": "path"}`. */
function withSecrets(value: unknown, environment: Environment, lines: string[]): unknown {
  const parsed = secretReference.safeParse(value);
  if (parsed.success) return referredSecret('INTEGRATIONS_FILE', parsed.data, environment, lines);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, withSecrets(inner, environment, lines)]),
  );
}

const limits = z
  .strictObject({
    rateLimit: z
      .strictObject({
        requests: z.int().min(1).max(1_000_000).describe('Requests in any stretch of that time'),
        perSeconds: z.int().min(1).max(86_400).describe('Length of the stretch in seconds'),
      })
      .optional()
      .describe('At most so many requests in so much time, in place of what the provider documents'),
    concurrency: z.int().min(1).max(1_000).optional().describe('Calls at the same time'),
  })
  .describe('How much the integration is asked');

/** One integration; its settings are its provider's. */
export const integrationEntry = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,62}$/, 'must begin with a letter and be lower-case letters, digits and dashes')
    .describe(
      'Name of the integration in queries, answers and logs; it stays, for what is stored refers to it',
    ),
  provider: z.string(),
  settings: z.record(z.string(), z.unknown()),
  limits: limits.optional(),
  protected: z
    .array(z.string().min(1).max(512))
    .max(1_000)
    .optional()
    .describe('External ids of accounts that are never deleted, whoever asks'),
});

const schema = z
  .array(integrationEntry)
  .min(1, 'lists no integration')
  .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'two integrations have the same id');

/** The integrations that a file lists: an array of `{ id, provider, settings, limits?, protected? }`, its secrets by reference. */
export function readIntegrations(
  path: string,
  network: Network,
  environment: Environment,
  lines: string[],
): IntegrationConfig[] {
  const entries = readNamedJson('INTEGRATIONS_FILE', path, schema, lines) ?? [];
  return entries.map((entry) => ({
    ...entry,
    network,
    settings: withSecrets(entry.settings, environment, lines),
  }));
}
