import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FaultBench } from './bench.ts';
import { cellsAt, erasuresOf, type Cell } from './cells.ts';
import { run } from './suite.ts';

const TIMES = Number(process.env.TIMES ?? 20);
const SEED = Number(process.env.SEED ?? 20);
const TIMEOUT_MS = 3_600_000;

const cells = [...cellsAt('delete'), ...cellsAt('look'), ...cellsAt('verification')];

let bench: FaultBench;

beforeAll(async () => {
  bench = await FaultBench.start();
});

afterAll(() => bench.close());

test(`the whole table ${TIMES} times, each time in another order`, { timeout: TIMEOUT_MS }, async () => {
  const whole = { minLength: cells.length, maxLength: cells.length };
  const orders = fc.sample(fc.shuffledSubarray(cells, whole), { seed: SEED, numRuns: TIMES });
  const wrong: string[] = [];
  const took: number[] = [];
  for (const [i, order] of orders.entries()) {
    const started = performance.now();
    for (const cell of order)
      await run(bench, cell).catch((error: unknown) =>
        wrong.push(`${i + 1}. ${cell.name}: ${String(error)}`),
      );
    took.push(Math.round(performance.now() - started));
    await bench.restart();
  }
  const erasures = TIMES * cells.flatMap((cell: Cell) => erasuresOf(cell)).length;
  console.log(
    'faults',
    JSON.stringify({ seed: SEED, faults: cells.length, erasures, wrong: wrong.length, took }),
  );
  expect(wrong).toEqual([]);
  await bench.check();
});
