import { readdirSync, readFileSync } from 'node:fs';
import pino from 'pino';
import { describe, expect, test } from 'vitest';
import { permissions } from '../../src/graphql/permissions.ts';
import { ruleOf } from '../../src/graphql/rule.ts';
import { FOR_ROUTERS, mayRead, namesOfLines, needsOf, SCOPES } from './oracle.ts';
import { rulesDocument } from './rules-table.ts';
import { entriesOf, SwitchableRules, type Change } from './switchable.ts';
import { CALLERS } from './viewers.ts';
import { contextOf, FIELDS, isReached, wallOf } from './wall.ts';

const ROOTS = new Set(['Query', 'Mutation', 'Subscription']);

/** Callers with their contexts, so that each is made once. */
const callers = CALLERS.map(({ name, asker }) => ({ name, asker, context: contextOf(asker) }));

/** Fields that are open to somebody whom the oracle refuses, or the other way round. */
async function misjudged(wall: ReturnType<typeof wallOf>, fields: typeof FIELDS): Promise<string[]> {
  const wrong: string[] = [];
  for (const { name, asker, context } of callers)
    for (const { type, field } of fields)
      if ((await isReached(wall, type, field, context)) !== mayRead(asker, type, field))
        wrong.push(`${type}.${field}: ${name}`);
  return wrong;
}

describe('rules', () => {
  const names = new Set(entriesOf(permissions).map(([name]) => name));
  const guardOf = ({ type, field }: (typeof FIELDS)[number]): string | undefined =>
    [`${type}.${field}`, `${type}.*`, type].find((name) => names.has(name));

  test('are there for every field: a root field by its name, any other by its name or its type', () => {
    const missing = FIELDS.filter((one) => {
      const guard = guardOf(one);
      return !guard || (ROOTS.has(one.type) && guard !== `${one.type}.${one.field}`);
    });
    expect(missing).toEqual([]);
  });

  test('open every field to whom the oracle lets in, and to nobody else', async () => {
    expect(FIELDS.filter(({ type, field }) => needsOf(type, field) === undefined)).toEqual([]);
    const known = new Set(FIELDS.flatMap(({ type, field }) => [type, `${type}.${field}`]));
    expect(namesOfLines().filter((name) => !known.has(name))).toEqual([]);
    expect(await misjudged(wallOf(), FIELDS)).toEqual([]);
  });

  test('open to nobody directly what is for federated routers, and everything else as to them', async () => {
    const wall = wallOf();
    const all = { role: 'ADMIN', scopes: SCOPES } as const;
    const direct = contextOf(all, undefined, false);
    const closed: string[] = [];
    for (const { type, field } of FIELDS)
      if (!(await isReached(wall, type, field, direct))) closed.push(`${type}.${field}`);
    expect(closed.toSorted()).toEqual(FOR_ROUTERS.toSorted());
  });

  test('are as docs/security-rules.md says; `npm run rules` writes it', async () => {
    expect(readFileSync('docs/security-rules.md', 'utf8')).toBe(await rulesDocument());
  });

  test('are all missed by somebody: each that is gone, weaker or too strict is noticed', async () => {
    const switches = new SwitchableRules(permissions);
    const wall = wallOf(switches.rules);
    const unnoticed: string[] = [];
    for (const name of switches.names) {
      const fields = FIELDS.filter((field) => guardOf(field) === name);
      const isOpen = fields.some(({ type, field }) => needsOf(type, field)?.includes('anyone'));
      const needsToken = fields.every(({ type, field }) => needsOf(type, field)?.includes('token'));
      const changes: Change[] = isOpen
        ? ['deny']
        : needsToken
          ? ['allow', 'deny']
          : ['allow', 'token', 'deny'];
      for (const change of changes) {
        switches.change(name, change);
        if ((await misjudged(wall, fields)).length === 0) unnoticed.push(`${name}: ${change}`);
      }
    }
    expect(unnoticed).toEqual([]);
  });
});

describe('a rule', () => {
  test('that throws is logged, and denies', async () => {
    const lines: string[] = [];
    const log = pino({}, { write: (line: string) => void lines.push(line) });
    const broken = ruleOf('broken', () => {
      throw new Error('a flaw');
    });
    const wall = wallOf({ ...permissions, Viewer: broken });
    const context = contextOf({ role: 'ADMIN', scopes: [] }, log);
    expect(await isReached(wall, 'Viewer', 'role', context)).toBe(false);
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { level: 50, rule: 'broken', requestId: 'a-request', err: { message: 'a flaw' } },
    ]);
    expect(await isReached(wall, 'Manager', 'id', context)).toBe(true);
  });

  test('keeps no answer: all are made by one function, which says so', () => {
    interface Made {
      cache?: string;
      rules?: Made[];
    }
    const leaves = (made: Made): Made[] => (made.rules ? made.rules.flatMap(leaves) : [made]);
    const caches = entriesOf(permissions).flatMap(([, made]) =>
      leaves(made as Made).map(({ cache }) => cache),
    );
    expect(new Set(caches.filter((cache) => cache !== undefined))).toEqual(new Set(['no_cache']));
    const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.ts'),
    );
    const makers = sources.filter((file) =>
      /\{[^}]*\b(rule|inputRule)\b[^}]*\} from '(graphql-shield|\.\/shield\.ts)'/.test(
        readFileSync(`src/${file}`, 'utf8'),
      ),
    );
    expect(makers).toEqual(['graphql/rule.ts']);
  });
});
