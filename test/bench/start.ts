import { startServe } from './candidates.ts';
import { median } from './sample.ts';
import { figure, table } from './table.ts';
import { setUp } from './test-bed.ts';

const STARTS = 7;

/** How long it takes from the start of the process until the gateway listens, on a store that has everyone in it. */
export async function start(): Promise<string> {
  const bed = await setUp();
  try {
    const times: number[] = [];
    for (let i = 0; i <= STARTS; i++) {
      const begun = performance.now();
      const gateway = await startServe(bed.folder);
      const took = performance.now() - begun;
      await gateway.stop();
      if (i > 0) times.push(took);
    }
    const [least, most] = [Math.min(...times), Math.max(...times)];
    const cells = [String(STARTS), ...[median(times), least, most].map(figure)];
    return table(['starts', 'median ms', 'least', 'most'], [cells]);
  } finally {
    await bed.close();
  }
}
