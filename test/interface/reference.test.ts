import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ERROR_CODES } from './error-codes.ts';
import { anchor } from './markdown.ts';
import { referenceDocument } from './reference.ts';

const page = readFileSync('docs/reference.md', 'utf8');

const sources = readdirSync('src/graphql', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(`src/graphql/${file}`, 'utf8'))
  .join('\n');

test('docs/reference.md is of this schema; `npm run reference` writes it', async () => {
  expect(page).toBe(await referenceDocument());
});

test('every link of it leads somewhere, and to one place alone', () => {
  const places = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchor(heading!));
  const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, name]) => name!);
  const files = [...page.matchAll(/\]\(([\w-]+\.md)/g)].map(([, name]) => name!);
  expect(places.filter((name, at) => places.indexOf(name) !== at)).toEqual([]);
  expect([...new Set(links)].filter((name) => !places.includes(name))).toEqual([]);
  expect(files.filter((name) => !readdirSync('docs').includes(name))).toEqual([]);
  expect(links.length).toBeGreaterThan(500);
});

test('every code of an error is described, and no other', () => {
  const said = [...sources.matchAll(/(?:\bcode: '|\b[45]\d\d: '|, ')([A-Z_]+)'(?=(, [245]\d\d)?)/g)]
    .filter(([text, , status]) => !text.startsWith(',') || status)
    .map(([, code]) => code!);
  const listed = Object.keys(ERROR_CODES);
  expect(said.length).toBeGreaterThan(12);
  expect([...new Set(said)].filter((code) => !listed.includes(code))).toEqual([]);
  expect(listed.filter((code) => !sources.includes(code))).toEqual([]);
});
