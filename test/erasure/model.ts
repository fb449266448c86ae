import fc from 'fast-check';
import type { Store } from '../../src/store/store.ts';
import { Checks } from './model-checks.ts';
import type { Command, Setting } from './model-commands.ts';
import { bringToAnEnd } from './model-end.ts';
import { hasEnded, type Accepted } from './model-oracle.ts';
import { obey } from './model-orders.ts';
import { sequences, settings } from './model-sequences.ts';
import { step } from './model-step.ts';
import { ModelWorld } from './model-world.ts';

export const T: any = {},
  N: any = {};
const MINUTE_MS = 60_000;
/** A run that goes on longer is looked at step by step later. */
const MOST_STEPS = 20;

const isOpen = (erasure: Accepted): boolean => !hasEnded(erasure);

async function execute(world: ModelWorld, command: Command): Promise<void> {
  switch (command.do) {
    case 'STEP': {
      const erasure = world.erasure(command.erasure, isOpen);
      if (erasure) await step(world, erasure, command);
      return;
    }
    case 'RUN': {
      const erasure = world.erasure(command.erasure, isOpen);
      for (let steps = 0; erasure && steps < MOST_STEPS && (await step(world, erasure)); steps++);
      return;
    }
    case 'BEHAVE':
      return world.providers[command.place].behave(command.calls, command.as, command.times);
    case 'CREATE':
      return world.recreate(command.customer, command.place, command.how);
    case 'CLOCK':
      return world.forward(command.minutes * MINUTE_MS);
    default:
      return obey(world, command);
  }
}

/** What a failed run left open would be in the way of the next. */
async function clear({ db }: Store): Promise<void> {
  await db.deleteFrom('pause').execute();
  await db.updateTable('erasure').set({ finished_at: new Date() }).where('finished_at', 'is', null).execute();
}

/** Plays commands on a world of their own and then lets everything end; fails at the first thing that is wrong. */
export async function play(
  store: Store,
  setting: Setting,
  commands: readonly Command[],
): Promise<Set<string>> {
  const world = new ModelWorld(store, setting);
  const checks = new Checks(world);
  const look = async (): Promise<void> => {
    const wrong = await checks.run();
    if (wrong.length > 0) throw new Error(wrong.join('\n'));
  };
  try {
    const t = performance.now();
    await world.populate();
    T.pop = (T.pop ?? 0) + performance.now() - t;
    for (const command of commands) {
      let t = performance.now();
      await execute(world, command);
      T[command.do] = (T[command.do] ?? 0) + performance.now() - t;
      N[command.do] = (N[command.do] ?? 0) + 1;
      t = performance.now();
      await look();
      T.look = (T.look ?? 0) + performance.now() - t;
      N.look = (N.look ?? 0) + 1;
    }
    await bringToAnEnd(world, look);
    return checks.log.seen;
  } catch (error) {
    await clear(store);
    throw error;
  }
}

/** Plays so many random sequences; a failure prints its seed and the shortest sequence that shows it. */
export async function playMany(store: Store, numRuns: number): Promise<Set<string>> {
  const seen = new Set<string>();
  const property = fc.asyncProperty(settings, sequences, async (setting, commands) => {
    for (const change of await play(store, setting, commands)) seen.add(change);
  });
  await fc.assert(property, {
    numRuns,
    endOnFailure: !!process.env.FAST,
    ...(process.env.SEED ? { seed: Number(process.env.SEED), path: process.env.FCPATH! } : {}),
    path: process.env.FCPATH,
  });
  return seen;
}
