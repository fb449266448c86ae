import { afterAll, beforeAll, test } from 'vitest';
import { FaultBench, PATIENCE_MS } from './bench.ts';
import { cellsAt, erasuresOf, type Cell, type Moment } from './cells.ts';
import { check } from './check.ts';
import { expectEnds } from './end.ts';

/** Not long for whoever waits for a vendor that hangs, and long for one that answers. */
const SHORT_PATIENCE_MS = 1_500;
const TIMEOUT_MS = 90_000;

/** Lets a fault strike every vendor, somebody else at each time. */
export async function run(bench: FaultBench, cell: Cell): Promise<void> {
  bench.conditions.patienceMs = cell.hangs ? SHORT_PATIENCE_MS : PATIENCE_MS;
  const erasures = await Promise.all(erasuresOf(cell).map((names) => bench.erase(names, cell.disturbance)));
  for (const evidence of erasures) {
    evidence.forEach(check);
    expectEnds(evidence, cell.endAt);
  }
}

/** Tests every fault at some moments. */
export function testFaults(...moments: Moment[]): void {
  let bench: FaultBench;

  beforeAll(async () => {
    bench = await FaultBench.start();
  });

  afterAll(() => bench.close());

  for (const cell of moments.flatMap(cellsAt))
    test(cell.name, { timeout: TIMEOUT_MS }, () => run(bench, cell));

  test('nothing was left unhandled, nobody was sent elsewhere, and no secret was written or shown', () =>
    bench.check());
}
