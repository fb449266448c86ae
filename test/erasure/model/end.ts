import { hasEnded } from './oracle.ts';
import { leaveAlone, release, pause } from './orders.ts';
import { PLACES } from './places.ts';
import { tasksOf } from './rows.ts';
import { step } from './step.ts';
import type { ModelWorld } from './world.ts';

/** More rounds than any erasure needs once nothing stands in its way. */
const MOST_ROUNDS = 80;

/** Whether any erasure took a step. */
async function stepAll(world: ModelWorld): Promise<boolean> {
  let stepped = false;
  for (const erasure of world.oracle.erasures) stepped = (await step(world, erasure)) || stepped;
  return stepped;
}

/** Whether any task waited for a person, who says to leave it. */
async function skipReviews(world: ModelWorld): Promise<boolean> {
  let skipped = false;
  for (const { id } of world.oracle.erasures) {
    if (world.engine.hasEnded(id)) continue;
    for (const task of (await tasksOf(world, id)).filter(
      ({ waiting_reason }) => waiting_reason === 'NEEDS_REVIEW',
    )) {
      await leaveAlone(world, task);
      skipped = true;
    }
  }
  return skipped;
}

/** Whether time could be moved to when something happens by itself. */
function waitOn({ engine, context, forward }: ModelWorld): boolean {
  const next = engine.nextTime();
  if (next !== null) forward(next - context.clock.now().getTime());
  return next !== null;
}

/**
 * Clears everything out of the way and lets time pass: every erasure has to end by itself. `look` is called whenever
 * something has happened.
 */
export async function bringToAnEnd(world: ModelWorld, look: () => Promise<void>): Promise<void> {
  const { oracle, engine, providers } = world;
  for (const place of PLACES)
    for (const calls of ['CHANGES', 'READS'] as const) providers[place].behave(calls, 'FINE', 0);
  for (const customer of oracle.holds.keys()) await release(world, customer);
  if (oracle.paused) await pause(world, false);
  for (let round = 0; oracle.erasures.some(({ id }) => !engine.hasEnded(id)); round++) {
    if (round > MOST_ROUNDS) throw new Error('an erasure goes on and on');
    const moved = (await stepAll(world)) || (await skipReviews(world)) || waitOn(world);
    if (!moved) throw new Error('an erasure waits, and nobody will wake it');
    await look();
  }
  for (const erasure of oracle.erasures)
    if (!hasEnded(erasure))
      throw new Error(`nothing is left to do for ${erasure.id}, which is ${erasure.state}`);
}
