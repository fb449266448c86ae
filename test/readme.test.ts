import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from './support/world.ts';

const readme = readFileSync('README.md', 'utf8');

const blocks = (language: string): string[] =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g'))].map((match) => match[1]!);

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world.close());

test('every command of the README is a script of the package', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  const commands = blocks('sh').flatMap((block) =>
    block
      .trim()
      .split('\n')
      .map((line) => line.replace(/#.*/, '').trim()),
  );
  expect(commands.length).toBeGreaterThan(5);
  for (const command of commands) {
    const name = /^npm (?:run )?(\S+)$/.exec(command)?.[1];
    expect(name === 'ci' || Object.hasOwn(scripts, name ?? ''), command).toBe(true);
  }
});

test("the README's query has the README's answer", async () => {
  expect(await world.admin.data(blocks('graphql')[0]!)).toEqual(JSON.parse(blocks('json')[0]!));
});
