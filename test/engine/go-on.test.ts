import { expect, test } from 'vitest';
import type { Advance } from '../../src/engine/engine.ts';
import { goOn } from '../../src/engine/go-on.ts';

/** Takes steps that are followed by what is given, and tells how many were taken and what is left to the engine. */
async function taken(steps: readonly (() => Advance)[], isStopped = () => false) {
  let count = 0;
  const next = await goOn(() => Promise.resolve(steps[count++]!()), isStopped);
  return { count, next };
}

const go = (): Advance => ({ do: 'CONTINUE' });
const end = (): Advance => ({ do: 'END' });
const after = (ms: number) => (): Advance => ({ do: 'WAIT', until: Date.now() + ms });

test.each<[string, (() => Advance)[], number, Advance['do']]>([
  ['the end', [go, go, end, go], 3, 'END'],
  ['another process that seems to be at it', [go, () => ({ do: 'YIELD' }), go], 2, 'YIELD'],
  ['a long wait', [go, after(5_000), go], 2, 'WAIT'],
  ['no short wait', [after(20), after(-5), end], 3, 'END'],
])('steps are taken one after the other until %s', async (_name, steps, count, last) => {
  const { count: were, next } = await taken(steps);
  expect([were, next.do]).toEqual([count, last]);
});

test('no step is taken once the engine stops', async () => {
  let stopped = false;
  const stop = (): Advance => {
    stopped = true;
    return go();
  };
  expect(await taken([go, stop, go], () => stopped)).toEqual({ count: 2, next: { do: 'CONTINUE' } });
});

test('a process that goes on and on asks the engine now and then', async () => {
  const started = performance.now();
  const { next } = await taken(Array.from({ length: 1_000 }, () => after(5)));
  expect(next.do).toBe('WAIT');
  expect(performance.now() - started).toBeGreaterThan(1_900);
});
