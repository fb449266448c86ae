import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';

const FILE = 'docs/performance.md';

/** Writes what was measured into the document, between the two comments of that name. */
export async function writeDown(name: string, text: string): Promise<void> {
  const before = readFileSync(FILE, 'utf8');
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const [from, to] = [before.indexOf(begin), before.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`${FILE} has no comments ${begin} and ${end}`);
  const after = `${before.slice(0, from + begin.length)}\n\n${text}\n\n${before.slice(to)}`;
  writeFileSync(FILE, await format(after, { ...(await resolveConfig(FILE)), filepath: FILE }));
}
