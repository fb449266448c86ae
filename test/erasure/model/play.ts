import fc from 'fast-check';
import type { Store } from '../../../src/store/store.ts';
import { Checks } from './checks.ts';
import type { Command, Setting } from './commands.ts';
import { bringToAnEnd } from './end.ts';
import { hasEnded, type Accepted } from './oracle.ts';
import { obey } from './orders.ts';
import { sequences, settings } from './sequences.ts';
import { step } from './step.ts';
import { ModelWorld } from './world.ts';

const MINUTE_MS = 60_000;
/** A run that goes on longer is looked at step by step later. */
const MOST_STEPS = 20;

const isOpen = (erasure: Accepted): boolean => !hasEnded(erasure);

async function run(world: ModelWorld, erasure: Accepted): Promise<boolean> {
  let steps = 0;
  while (steps < MOST_STEPS && (await step(world, erasure))) steps++;
  return steps > 0;
}

/** Returns whether the gateway did anything. */
async function execute(world: ModelWorld, command: Command): Promise<boolean> {
  switch (command.do) {
    case 'STEP':
    case 'RUN': {
      const erasure = world.erasure(command.erasure, isOpen);
      if (!erasure) return false;
      return command.do === 'RUN' ? run(world, erasure) : step(world, erasure, command);
    }
    case 'BEHAVE':
      world.providers[command.place].behave(command.calls, command.as, command.times);
      return false;
    case 'CREATE':
      world.recreate(command.customer, command.place, command.how);
      return false;
    case 'CLOCK':
      world.forward(command.minutes * MINUTE_MS);
      return false;
    default:
      await obey(world, command);
      return true;
  }
}

/** What a failed run left open would be in the way of the next. */
async function clear({ db }: Store): Promise<void> {
  await db.deleteFrom('pause').execute();
  await db.updateTable('erasure').set({ finished_at: new Date() }).where('finished_at', 'is', null).execute();
}

/**
 * Plays commands on a world of their own and then lets everything end; fails at the first thing that is wrong. Returns
 * the changes of state that were seen.
 */
export async function play(
  store: Store,
  setting: Setting,
  commands: readonly Command[],
): Promise<ReadonlySet<string>> {
  const world = new ModelWorld(store, setting);
  const checks = new Checks(world);
  const look = async (): Promise<void> => {
    const wrong = await checks.run();
    if (wrong.length > 0) throw new Error(wrong.join('\n'));
  };
  try {
    await world.populate();
    for (const command of commands) {
      if (await execute(world, command)) await look();
    }
    await bringToAnEnd(world, look);
    return checks.log.seen;
  } catch (error) {
    await clear(store);
    throw error;
  }
}

/** Plays so many random sequences; a failure prints its seed and the shortest sequence that shows it. */
export async function playMany(store: Store, numRuns: number): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  const property = fc.asyncProperty(settings, sequences, async (setting, commands) => {
    for (const change of await play(store, setting, commands)) seen.add(change);
  });
  await fc.assert(property, { numRuns });
  return seen;
}
