import { z } from 'zod';
import { readNamedFile } from './named-file.ts';
import { Secret } from './providers/secret.ts';

/** How a secret is given: never as itself. */
export const secretReference = z.union(
  [
    z.strictObject({
      env: z
        .string()
        .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
        .describe('Name of the environment variable that holds the secret'),
    }),
    z.strictObject({ file: z.string().min(1).describe('Path of the file that holds the secret alone') }),
  ],
  { error: 'is a secret, to be given by reference: {"env": "NAME"} or {"file": "path"}' },
);

/** The secret that a file, which `variable` names, refers to; an empty one, and a line, when it is not there. */
export function referredSecret(
  variable: string,
  reference: z.infer<typeof secretReference>,
  environment: Readonly<Record<string, string | undefined>>,
  lines: string[],
): Secret {
  if ('file' in reference) return new Secret(readNamedFile(variable, reference.file, lines)?.trimEnd() ?? '');
  const secret = environment[reference.env];
  if (!secret) lines.push(`${reference.env} is missing: a setting in ${variable} refers to it`);
  return new Secret(secret ?? '');
}
