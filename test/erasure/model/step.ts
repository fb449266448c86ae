import { integrate } from '../../../src/audit/integrate.ts';
import { advance } from '../../../src/erasure/advance.ts';
import type { Checkpoint } from '../../../src/erasure/context.ts';
import type { Order } from './commands.ts';
import type { Accepted } from './oracle.ts';
import { obey } from './orders.ts';
import { Crash, type ModelWorld } from './world.ts';

/** What goes wrong in the middle of a step. */
interface Trouble {
  crash: Checkpoint | null;
  meanwhile: Order | null;
}

/** Lets the worker take one step of an erasure. False: there is none to take now. */
export async function step(
  world: ModelWorld,
  erasure: Accepted,
  { crash, meanwhile }: Trouble = { crash: null, meanwhile: null },
): Promise<boolean> {
  const { engine, oracle, context } = world;
  const id = engine.ready(erasure.id, context.clock.now().getTime());
  if (id === null) return false;
  await integrate(context.store);
  oracle.begin(erasure);
  oracle.meanwhile = meanwhile && (() => obey(world, meanwhile));
  world.crashAt = crash;
  try {
    await engine.step(id, context.clock.now().getTime(), () => advance(context, engine, id));
    erasure.interrupted = false;
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
    erasure.interrupted = true;
  } finally {
    oracle.end();
    world.crashAt = null;
  }
  return true;
}
