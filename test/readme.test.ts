import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from './support/command.ts';
import { erase } from './support/erasures.ts';
import { receiptOf } from './support/receipts.ts';
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

test("the README's way to verify a receipt works", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'customer-gateway-readme-'));
  const { id } = await receiptOf(world.admin, (await erase(world.admin, world.id(4))).id);
  const lines = blocks('console')[0]!.trim().split('\n');
  const [, ...args] = lines.pop()!.split(' ');
  for (const line of lines) {
    const [, path, file] = /^curl -s http:\/\/127\.0\.0\.1:4000(\S+) > (\S+)$/.exec(line)!;
    const response = await fetch(new URL(path!.replace('ID', id), world.gateway.url));
    writeFileSync(join(folder, file!), await response.text());
  }
  expect(await runCommand(args, { folder })).toMatchObject({ code: 0, err: '' });
  rmSync(folder, { recursive: true });
});
