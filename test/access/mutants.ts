import { readdirSync, readFileSync } from 'node:fs';
import type { Plugin } from 'vitest/config';

/** Functions that look at who is asking, or decide by it. A call of one is a place where ownership is checked. */
const CHECKS =
  /(?<!function )\b(?:directory\.(?:byIds|byId|list|count)|directoryCopy\.at|erasureById|erasuresByIds|erasureOfTask|listErasures|bulkById|bulksByIds|listBulks|reappearanceById|listReappearances|managersByIds|importsByIds|listDeliveries|reachOf)\(/g;

const VIEWER = /(?<![\w.])(?:by\.viewer|context\.known\(\)|known\(\)|requester|viewer)(?![\w:?])/;

/** Conditions of queries that are none of these, by file. Switched off, a query goes on without. */
const CONDITIONS: Record<string, readonly string[]> = {
  'customer/directory.ts': ['.where(isWithinReach(reach, managerId))'],
  'erasure/bulk/read.ts': [
    ".where('requested_by', '=', viewer.subject)",
    ".where('requester_manager', '=', reach.manager)",
  ],
};

/** A text with a mutation in it that is off until `mutants.active` names it. */
interface Mutated {
  code: string;
  ids: string[];
}

/** The text from an opening bracket to where it closes. */
function argumentsAt(code: string, open: number): string {
  let depth = 0;
  for (let i = open; i < code.length; i++) {
    if (code[i] === '(') depth++;
    if (code[i] === ')' && --depth === 0) return code.slice(open, i);
  }
  return '';
}

/** Lets every check in a file be switched to see whoever asks as somebody who reaches everybody. */
function mutate(file: string, source: string): Mutated {
  const ids: string[] = [];
  let code = '';
  let from = 0;
  for (const match of source.matchAll(CHECKS)) {
    const open = match.index + match[0].length - 1;
    const viewer = VIEWER.exec(argumentsAt(source, open));
    if (!viewer) continue;
    const name = `${file} ${match[0].slice(0, -1)}`;
    const id = `${name} ${ids.filter((other) => other.startsWith(`${name} `)).length + 1}`;
    const start = open + viewer.index;
    code += `${source.slice(from, start)}globalThis.mutants.seen(${JSON.stringify(id)}, ${viewer[0]})`;
    from = start + viewer[0].length;
    ids.push(id);
  }
  code += source.slice(from);
  for (const condition of CONDITIONS[file] ?? []) {
    if (source.split(condition).length !== 2) throw new Error(`${file} has not one ${condition}`);
    const id = `${file} ${condition}`;
    const isOff = `globalThis.mutants.active === ${JSON.stringify(id)}`;
    code = code.replace(condition, `.$call((query) => ${isOff} ? query : query${condition})`);
    ids.push(id);
  }
  return { code, ids };
}

/** Lets a RESALE token carry what a MASTER's can, so that ownership alone decides wherever it is checked. */
function widen(source: string): string {
  const narrowed = 'MOST[role].filter(';
  if (!source.includes(narrowed)) throw new Error('access/viewer.ts narrows scopes in another way');
  return source.replace(narrowed, `MOST[role === 'RESALE' ? 'MASTER' : role].filter(`);
}

const isChecked = (file: string): boolean => /^(customer|erasure|graphql|webhooks)\//.test(file);

/** The places in src where ownership is checked. */
export const mutantsOfSource = (): string[] =>
  readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && isChecked(file))
    .flatMap((file) => mutate(file, readFileSync(`src/${file}`, 'utf8')).ids)
    .toSorted();

/** Puts the switches into the sources as they are loaded. */
export const mutants = (): Plugin => ({
  name: 'mutants',
  enforce: 'pre',
  transform(code, id) {
    const file = /\/src\/(.+\.ts)$/.exec(id)?.[1];
    if (file === 'access/viewer.ts') return widen(code);
    return file && isChecked(file) ? mutate(file, code).code : undefined;
  },
});
