import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, findBreakingChanges, findDangerousChanges } from 'graphql';

/** What came of a comparison, in lines for a person. */
export interface Checked {
  passed: boolean;
  lines: string[];
}

/** What a command of git prints; null where it fails. */
function git(folder: string, ...args: string[]): string | null {
  try {
    return execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return null;
  }
}

/** The tag of the last release before HEAD. A shallow clone does not know what is before: there it is the highest. */
function lastRelease(folder: string): string | undefined {
  const shallow = git(folder, 'rev-parse', '--is-shallow-repository')?.trim() === 'true';
  const before = shallow ? [] : ['--merged', 'HEAD'];
  const tags = git(folder, 'tag', '--list', '--sort=-version:refname', ...before, 'v*') ?? '';
  return tags.split('\n').find((tag) => /^v\d+\.\d+\.\d+$/.test(tag));
}

const majorOf = (version: string): number => Number(/^v?(\d+)/.exec(version)![1]);

const nothing = (why: string): Checked => ({ passed: true, lines: [`Nothing to compare with: ${why}.`] });

function compare(release: string, before: string, folder: string): Checked {
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  const [old, now] = [before, read('schema.graphql')].map((text) => buildSchema(text, { assumeValid: true }));
  const breaking = findBreakingChanges(old!, now!);
  const dangerous = findDangerousChanges(old!, now!);
  const { version } = JSON.parse(read('package.json')) as { version: string };
  const mayBreak = majorOf(version) > majorOf(release);
  const lines = [
    `Compared with ${release}: ${breaking.length} breaking changes, ${dangerous.length} dangerous.`,
    ...breaking.map(({ type, description }) => `breaking   ${type}  ${description}`),
    ...dangerous.map(({ type, description }) => `dangerous  ${type}  ${description}`),
  ];
  if (breaking.length > 0)
    lines.push(
      mayBreak
        ? `Version ${version} may break clients of ${release}.`
        : `Version ${version} may not break clients of ${release}: see docs/schema-changes.md.`,
    );
  return { passed: breaking.length === 0 || mayBreak, lines };
}

/** Holds the schema of a folder against that of the last release before it. */
export function checkSchema(folder: string): Checked {
  if (git(folder, 'rev-parse', '--git-dir') === null) return nothing('git knows no repository here');
  const release = lastRelease(folder);
  if (release === undefined) return nothing('no tag of a release (v1.2.3) is known before this commit');
  const before = git(folder, 'show', `${release}:./schema.graphql`);
  return before === null ? nothing(`${release} has no schema.graphql`) : compare(release, before, folder);
}
