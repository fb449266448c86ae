import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { providers } from '../src/providers/index.ts';
import { MAY_IMPORT } from './may-import.ts';

/** What an adapter may build on. Never another provider. */
const PROVIDER_BASE = [
  'answer',
  'bearer',
  'error',
  'http',
  'paged-copy',
  'provider',
  'secret',
  'unless-aborted',
];
const PROVIDERS = [
  ...readFileSync('src/providers/index.ts', 'utf8').matchAll(/import \{ (\w+) \} from '\.\/\1\.ts'/g),
].map((match) => match[1]!);

const IMPORT =
  /(?:import|export)\s+(type\s)?[^'"]*?from\s+'(\.[^']+)'|import\s+'(\.[^']+)'|import\('(\.[^']+)'\)/g;

interface Import {
  from: string;
  to: string;
  typeOnly: boolean;
}

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => `src/${name}`);

const imports: Import[] = files.flatMap((file) => {
  const from = file.slice('src/'.length);
  return [...readFileSync(file, 'utf8').matchAll(IMPORT)].map((match) => ({
    from,
    to: normalize(join(dirname(from), match[2] ?? match[3] ?? match[4]!)),
    typeOnly: match[1] !== undefined,
  }));
});

/** The longest line of the table that a file belongs to. */
function partOf(file: string): string {
  const parts = Object.keys(MAY_IMPORT).filter((part) => file === part || file.startsWith(`${part}/`));
  return parts.toSorted((a, b) => b.length - a.length)[0] ?? `${file} is in no part`;
}

const isBelow = (file: string, place: string): boolean => file === place || file.startsWith(`${place}/`);

describe('imports', () => {
  test('are found, and the providers among them', () => {
    expect(imports.length).toBeGreaterThan(200);
    const ids = providers.map(({ id }) => id.toLowerCase());
    expect(PROVIDERS.toSorted()).toEqual(ids.toSorted());
  });

  test('point downward only', () => {
    const wrong = imports.filter(({ from, to }) => {
      const part = partOf(from);
      return !isBelow(to, part) && !MAY_IMPORT[part]?.some((place) => isBelow(to, place));
    });
    expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  test('of a provider lead to the contract and what adapters share, never to another provider', () => {
    const wrong = imports
      .filter(({ from }) => PROVIDERS.some((name) => from === `providers/${name}.ts`))
      .filter(({ from, to }) => !to.startsWith(from.replace('.ts', '-')))
      .filter(({ to }) => !PROVIDER_BASE.some((name) => to === `providers/${name}.ts`));
    expect(wrong).toEqual([]);
  });

  test('of the provider list come from server, commands and config alone', () => {
    const above = imports.filter(({ to, typeOnly }) => to === 'providers/index.ts' && !typeOnly);
    expect(above.filter(({ from }) => from !== 'server.ts' && !from.startsWith('commands/'))).toEqual([]);
  });

  test("of account types lead to their own provider's types alone", () => {
    const wrong = imports
      .filter(({ from, to }) => from.startsWith('graphql/accounts/') && to.startsWith('providers/'))
      .filter(({ from, to, typeOnly }) => {
        const own = from.replace('graphql/accounts/', 'providers/');
        return to !== 'providers/provider.ts' && (to !== own || !typeOnly);
      });
    expect(wrong).toEqual([]);
  });

  test('of values form no cycle', () => {
    const next = new Map<string, string[]>();
    for (const { from, to, typeOnly } of imports) {
      if (!typeOnly) next.set(from, [...(next.get(from) ?? []), to]);
    }
    const cycles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) return void cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
      for (const target of next.get(file) ?? []) visit(target, [...path, file]);
      next.delete(file);
    };
    for (const file of next.keys()) visit(file, []);
    expect(cycles).toEqual([]);
  });
});

describe('files', () => {
  test('have no vague names', () => {
    const vague = /(^|\/)(utils?|helpers?|common|managers|services|types|misc)(\.ts|\/)/;
    expect(files.filter((file) => vague.test(file) && file !== 'src/customer/managers.ts')).toEqual([]);
  });

  test('read the environment in config.ts alone', () => {
    const readers = files.filter((file) => readFileSync(file, 'utf8').includes('process.env'));
    expect(readers).toEqual(['src/config.ts']);
  });

  test('name no provider above the adapters', () => {
    const names = new RegExp(`['"](${providers.map(({ id }) => id).join('|')})['"]`);
    const allowed = /^src\/(providers|sandbox|commands)\//;
    expect(files.filter((file) => !allowed.test(file) && names.test(readFileSync(file, 'utf8')))).toEqual([]);
  });
});
