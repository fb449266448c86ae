import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { CANDIDATES } from './candidates.ts';
import { takesPart } from './options.ts';
import { WORKLOADS } from './workloads.ts';

const MINUTES = 60_000;
const PAGE = 'docs/performance.md';
const EVERYTHING = { rounds: 1, seconds: 1, short: true, only: [], candidates: [], profile: undefined };

const before = readFileSync(PAGE, 'utf8');
let out: string;

beforeAll(async () => {
  ({ stdout: out } = await promisify(execFile)('npm', ['run', '--silent', 'bench', '--', '--short']));
}, 5 * MINUTES);

test.each(WORKLOADS)('all who serve $name answer it alike', (workload) => {
  const all = CANDIDATES.filter((name) => takesPart(EVERYTHING, workload, name));
  expect(all.length).toBeGreaterThan(1);
  expect(out).toMatch(new RegExp(`^${workload.name}: \\d+ equal answers of ${all.join(', ')}$`, 'm'));
});

test.each(WORKLOADS)('all who serve $name are measured', (workload) => {
  const section = out
    .split('### ')
    .slice(1)
    .find((one) => one.startsWith(`${workload.name}: `));
  for (const name of CANDIDATES.filter((name) => takesPart(EVERYTHING, workload, name)))
    expect(section).toMatch(new RegExp(`^\\| ${name} \\| [\\d.,]+ \\| \\d+\\.\\d\\d \\|`, 'm'));
});

test('a short run writes nothing down', () => {
  expect(readFileSync(PAGE, 'utf8')).toBe(before);
});
