import { readFileSync } from 'node:fs';
import type { ZodType } from 'zod';

/** Reads a file that a variable names, or adds a line that says why it cannot be read. */
export function readNamedFile(variable: string, path: string, lines: string[]): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    lines.push(`${variable} names ${path}, which cannot be read (${(error as NodeJS.ErrnoException).code})`);
    return null;
  }
}

/** Where a text ceases to be JSON, as far as that is told. The parser's own words quote the text, secrets and all. */
function whereOf(error: Error, text: string): string {
  const position = / at position (\d+)/.exec(error.message)?.[1];
  return position ? ` (line ${text.slice(0, Number(position)).split('\n').length})` : '';
}

/** Reads a JSON file that a variable names, by its schema, or adds a line for each fault. */
export function readNamedJson<T>(
  variable: string,
  path: string,
  schema: ZodType<T>,
  lines: string[],
): T | null {
  const text = readNamedFile(variable, path, lines);
  if (text === null) return null;
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
    lines.push(...parsed.error.issues.map((issue) => `${variable} ${issue.path.join('.')} ${issue.message}`));
  } catch (error) {
    lines.push(`${variable} names ${path}, which is not JSON${whereOf(error as Error, text)}`);
  }
  return null;
}
