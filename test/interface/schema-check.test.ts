import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { checkSchema } from './schema-check.ts';

const BEFORE = 'type Query { customer(id: ID!): String  state: State }  enum State { OPEN CLOSED }';
const LARGER = BEFORE.replace('state:', 'name: String  state:').replace('CLOSED', 'CLOSED DENIED');
const BROKEN = BEFORE.replace('(id: ID!)', '(id: ID!, why: String!)').replace('CLOSED', '');

const COMMAND = resolve('test/check-schema.ts');
const TSX = pathToFileURL(resolve('node_modules/tsx/dist/loader.mjs')).href;

const folders: string[] = [];
let folder: string;

function newFolder(): string {
  const made = mkdtempSync(join(tmpdir(), 'customer-gateway-schema-'));
  folders.push(made);
  return made;
}

function git(...args: string[]): void {
  const who = ['-c', 'user.name=test', '-c', 'user.email=test@example.com'];
  execFileSync('git', [...who, ...args], { cwd: folder, stdio: 'ignore' });
}

function write(schema: string, version = '1.4.0'): void {
  writeFileSync(join(folder, 'schema.graphql'), schema);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ version }));
}

function commit(...tags: string[]): void {
  git('add', '-A');
  git('commit', '--allow-empty', '-m', 'a test');
  for (const tag of tags) git('tag', tag);
}

/** Makes the folder a clone of itself that knows its last commit alone. */
function makeShallow(): void {
  const origin = pathToFileURL(folder).href;
  folder = newFolder();
  git('clone', '--depth=1', '--no-tags', origin, '.');
}

beforeEach(() => {
  folder = newFolder();
  write(BEFORE);
});

afterAll(() => {
  for (const made of folders) rmSync(made, { recursive: true });
});

test('the schema breaks no client of the last release', () => {
  const { passed, lines } = checkSchema('.');
  expect(passed, lines.join('\n')).toBe(true);
});

describe('with a release', () => {
  beforeEach(() => {
    git('init');
    commit('v1.3.9', 'v1.4.0', 'v1.4.1-rc.1', 'other');
  });

  test('an equal schema passes', () => {
    const lines = ['Compared with v1.4.0: 0 breaking changes, 0 dangerous.'];
    expect(checkSchema(folder)).toEqual({ passed: true, lines });
  });

  test('a larger one passes, with what is dangerous named', () => {
    write(LARGER);
    commit();
    expect(checkSchema(folder)).toEqual({
      passed: true,
      lines: [
        'Compared with v1.4.0: 0 breaking changes, 1 dangerous.',
        'dangerous  VALUE_ADDED_TO_ENUM  DENIED was added to enum type State.',
      ],
    });
  });

  test('one that breaks does not, committed or not', () => {
    write(BROKEN, '1.5.0');
    const refused = {
      passed: false,
      lines: [
        'Compared with v1.4.0: 2 breaking changes, 0 dangerous.',
        'breaking   REQUIRED_ARG_ADDED  A required arg why on Query.customer was added.',
        'breaking   VALUE_REMOVED_FROM_ENUM  CLOSED was removed from enum type State.',
        'Version 1.5.0 may not break clients of v1.4.0: see docs/schema-changes.md.',
      ],
    };
    expect(checkSchema(folder)).toEqual(refused);
    commit();
    expect(checkSchema(folder)).toEqual(refused);
  });

  test('unless the major version is higher', () => {
    write(BROKEN, '2.0.0');
    const { passed, lines } = checkSchema(folder);
    expect(passed).toBe(true);
    expect(lines).toContain('Version 2.0.0 may break clients of v1.4.0.');
  });

  test('and that counts from the newest release before the commit alone', () => {
    git('checkout', '-b', 'next');
    write(BROKEN, '2.0.0');
    commit('v2.0.0');
    expect(checkSchema(folder).lines).toEqual(['Compared with v2.0.0: 0 breaking changes, 0 dangerous.']);
    git('checkout', '-');
    expect(checkSchema(folder).lines).toEqual(['Compared with v1.4.0: 0 breaking changes, 0 dangerous.']);
  });

  test('a shallow clone is compared with the highest release that it knows', () => {
    write(BROKEN);
    commit();
    makeShallow();
    expect(checkSchema(folder).passed).toBe(true);
    git('fetch', '--depth=1', 'origin', '+refs/tags/*:refs/tags/*');
    expect(checkSchema(folder)).toMatchObject({ passed: false });
  });

  test('a project in a folder of a repository is compared with itself', () => {
    const inner = join(newFolder(), 'gateway');
    cpSync(folder, inner, { recursive: true, filter: (path) => !path.includes('.git') });
    folder = join(inner, '..');
    git('init');
    commit('v1.0.0');
    expect(checkSchema(inner).lines).toEqual(['Compared with v1.0.0: 0 breaking changes, 0 dangerous.']);
  });
});

describe('there is nothing to compare with', () => {
  const lines = (why: string) => ({ passed: true, lines: [`Nothing to compare with: ${why}.`] });

  test('outside of git', () => {
    expect(checkSchema(folder)).toEqual(lines('git knows no repository here'));
  });

  test('before the first release', () => {
    git('init');
    commit('next', 'version-1');
    expect(checkSchema(folder)).toEqual(lines('no tag of a release (v1.2.3) is known before this commit'));
  });

  test('when the release had no schema', () => {
    rmSync(join(folder, 'schema.graphql'));
    git('init');
    commit('v0.1.0');
    write(BEFORE);
    expect(checkSchema(folder)).toEqual(lines('v0.1.0 has no schema.graphql'));
  });
});

test('the command says so, and fails with it', () => {
  const run = () =>
    spawnSync(process.execPath, ['--import', TSX, COMMAND], { cwd: folder, encoding: 'utf8' });
  git('init');
  commit('v1.4.0');
  expect(run()).toMatchObject({ status: 0, stdout: expect.stringContaining('0 breaking') as string });
  write(BROKEN);
  expect(run()).toMatchObject({ status: 1, stdout: expect.stringContaining('may not break') as string });
});
