import { afterAll, beforeAll, expect, test } from 'vitest';
import { FaultBench } from './bench.ts';
import { check } from './check.ts';
import { expectEnds } from './end.ts';
import { ROWS } from './rows.ts';

/** The VPN as its vendor documents it: with a delete, and nothing to look by. */
let bench: FaultBench;

beforeAll(async () => {
  bench = await FaultBench.start({ vpn: { lookup: false } });
  bench.conditions.patienceMs = 1_500;
});

afterAll(() => bench.close());

for (const { name, fault, blind } of ROWS) {
  if (!blind) continue;
  test(name, async () => {
    const evidence = await bench.erase(['vpn'], () => [{ ...fault, method: 'DELETE', times: 1 }]);
    evidence.forEach(check);
    expectEnds(evidence, () => blind);
    if (blind === 'REVIEW') expect(evidence[0]!.calls).toHaveLength(1);
  });
}

test('nothing was left unhandled, nobody was sent elsewhere, and no secret was written or shown', () =>
  bench.check());
