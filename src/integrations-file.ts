import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { IntegrationConfig } from './providers/index.ts';
import { Secret } from './providers/secret.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads a file that a variable names, or adds a line that says why it cannot be read. */
export function readNamedFile(variable: string, path: string, lines: string[]): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    lines.push(`${variable} names ${path}, which cannot be read (${(error as NodeJS.ErrnoException).code})`);
    return null;
  }
}

/** How a secret is given: never as itself. */
export const secretReference = z.union([
  z.strictObject({
    env: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
      .describe('Name of the environment variable that holds the secret'),
  }),
  z.strictObject({ file: z.string().min(1).describe('Path of the file that holds the secret alone') }),
]);

/** Puts secrets in the place of `{"env": "NAME"}` and `{"file": "path"}`. */
function withSecrets(value: unknown, environment: Environment, lines: string[]): unknown {
  const parsed = secretReference.safeParse(value);
  if (parsed.success && 'env' in parsed.data) {
    const secret = environment[parsed.data.env];
    if (!secret) lines.push(`${parsed.data.env} is missing: a setting in INTEGRATIONS_FILE refers to it`);
    return new Secret(secret ?? '');
  }
  if (parsed.success && 'file' in parsed.data) {
    return new Secret(readNamedFile('INTEGRATIONS_FILE', parsed.data.file, lines)?.trimEnd() ?? '');
  }
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

/** Where a text ceases to be JSON, as far as that is told. The parser's own words quote the text, secrets and all. */
function whereOf(error: Error, text: string): string {
  const position = / at position (\d+)/.exec(error.message)?.[1];
  return position ? ` (line ${text.slice(0, Number(position)).split('\n').length})` : '';
}

function parse(path: string, text: string, lines: string[]): IntegrationConfig[] {
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
    lines.push(
      ...parsed.error.issues.map((issue) => `INTEGRATIONS_FILE ${issue.path.join('.')} ${issue.message}`),
    );
  } catch (error) {
    lines.push(`INTEGRATIONS_FILE names ${path}, which is not JSON${whereOf(error as Error, text)}`);
  }
  return [];
}

/** The integrations that a file lists: an array of `{ id, provider, settings, limits?, protected? }`, its secrets by reference. */
export function readIntegrations(
  path: string,
  environment: Environment,
  lines: string[],
): IntegrationConfig[] {
  const text = readNamedFile('INTEGRATIONS_FILE', path, lines);
  if (text === null) return [];
  return parse(path, text, lines).map((entry) => ({
    ...entry,
    settings: withSecrets(entry.settings, environment, lines),
  }));
}
