import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const page = readFileSync('docs/security.md', 'utf8');

const rows = page
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter(([, number]) => /^\d+$/.test(number ?? ''));

test('every threat has a number, a control and tests that are there', () => {
  expect(rows.map(([, number]) => Number(number))).toEqual(Array.from({ length: 36 }, (_, i) => i + 1));
  const named = rows.flatMap(([, , , , tests]) =>
    [...tests!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!),
  );
  const there = (name: string): boolean =>
    [`test/${name}.test.ts`, `test/${name}/${name}.test.ts`].some((file) => existsSync(file));
  expect(named.length).toBeGreaterThanOrEqual(36);
  expect(named.filter((name) => !there(name))).toEqual([]);
});

test('every file of the sources that is named is there', () => {
  const files = [...page.matchAll(/`((?:src\/)?[\w-]+\/[\w/-]+\.ts)`/g)].map(([, file]) => file!);
  expect(files.length).toBeGreaterThan(3);
  expect(files.filter((file) => !existsSync(file.startsWith('src/') ? file : `src/${file}`))).toEqual([]);
});
