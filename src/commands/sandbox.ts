import { launchSandbox } from './launch-sandbox.ts';
import { table } from './table.ts';
import { untilStopped } from './until-stopped.ts';

/** Runs the simulated providers alone. */
export async function sandbox({ port }: { port: number }): Promise<number> {
  const { vendors, people, close } = await launchSandbox(port);
  console.log(`Five simulated providers, ${people.length} people. Each is driven under /_sandbox/:\n`);
  console.log(
    table(
      ['provider', 'url'],
      Object.values(vendors).map(({ name, url }) => [name, url]),
    ),
  );
  console.log('\nGET ledger, state, faults, assumptions; PUT faults, assumptions; POST reset. Ctrl-C stops.');
  await untilStopped();
  await close();
  return 0;
}
