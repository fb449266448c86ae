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

const reference = z.union([
  z.strictObject({ env: z.string().min(1) }),
  z.strictObject({ file: z.string().min(1) }),
]);

/** Puts secrets in the place of `{"env": "NAME"}` and `{"file": "path"}`. */
function withSecrets(value: unknown, environment: Environment, lines: string[]): unknown {
  const parsed = reference.safeParse(value);
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

const schema = z
  .array(
    z.strictObject({
      id: z
        .string()
        .regex(
          /^[a-z][a-z0-9-]{0,62}$/,
          'must begin with a letter and be lower-case letters, digits and dashes',
        ),
      provider: z.string(),
      settings: z.record(z.string(), z.unknown()),
    }),
  )
  .min(1, 'lists no integration')
  .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'two integrations have the same id');

function parse(path: string, text: string, lines: string[]): IntegrationConfig[] {
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
    lines.push(
      ...parsed.error.issues.map((issue) => `INTEGRATIONS_FILE ${issue.path.join('.')} ${issue.message}`),
    );
  } catch (error) {
    lines.push(`INTEGRATIONS_FILE names ${path}, which is not JSON: ${(error as Error).message}`);
  }
  return [];
}

/** The integrations that a file lists: an array of `{ id, provider, settings }`, its secrets by reference. */
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
