/** A process of its own: the sandbox, each vendor behind a replay. Its parent asks it over IPC. */
import { launchSandbox } from '../../src/commands/launch-sandbox.ts';
import { POPULATION } from './population.ts';
import { replayOf } from './replay.ts';

/** What the parent may ask: to change the latency, or nothing; the answer is what was called until now. */
export interface Ask {
  delayMs?: number;
}

/** Calls since the start, by vendor. */
export type Calls = Record<string, number>;

const sandbox = await launchSandbox(0, POPULATION);
const replays = await Promise.all(
  Object.entries(sandbox.vendors).map(async ([name, { url }]) => [name, await replayOf(url)] as const),
);

process.on('message', ({ delayMs }: Ask) => {
  for (const [, replay] of replays) replay.delayMs = delayMs ?? replay.delayMs;
  process.send!(Object.fromEntries(replays.map(([name, { calls }]) => [name, calls])) satisfies Calls);
});
process.once('disconnect', () => process.exit());
process.send!(Object.fromEntries(replays.map(([name, { url }]) => [name, url])));
