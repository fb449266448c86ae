import { startPostgres } from '../support/postgres.ts';
import type { Candidate } from './candidates.ts';
import { registerEveryone } from './gateway.ts';
import type { Options } from './options.ts';
import { median, sample } from './sample.ts';
import { figure, table } from './table.ts';
import { setUp, type TestBed } from './test-bed.ts';
import { MANY, ONE, type Workload } from './workloads.ts';

const CONNECTIONS = 25;

/** A gateway with vendors and load of its own, all of them on one processor. */
interface Column {
  processor: number;
  bed: TestBed;
  gateway: Candidate;
}

async function startColumn(
  processor: number,
  store: { databaseUrl: string; ids: readonly string[] },
): Promise<Column> {
  const bed = await setUp({ processor, store });
  return { processor, bed, gateway: await bed.start('gateway') };
}

/** Requests a second of all columns at once. */
async function together(columns: readonly Column[], workload: Workload, seconds: number): Promise<number> {
  const loads = columns.map(({ processor, bed, gateway }) =>
    sample(gateway, workload, bed.requests(workload), { seconds, connections: CONNECTIONS, processor }),
  );
  return (await Promise.all(loads)).reduce((sum, { perSecond }) => sum + perSecond, 0);
}

async function line(columns: readonly Column[], workload: Workload, { rounds, seconds }: Options) {
  await together(columns, workload, seconds);
  const [one, two]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    one.push(await together(columns.slice(0, 1), workload, seconds));
    two.push(await together(columns, workload, seconds));
  }
  const ratio = median(two.map((both, i) => both / one[i]!));
  return [workload.name, figure(median(one)), figure(median(two)), ratio.toFixed(2)];
}

/** Two processes on two processors beside one on one, over one PostgreSQL, which has both processors. */
export async function processes(options: Options): Promise<string> {
  const postgres = await startPostgres();
  const columns: Column[] = [];
  try {
    const databaseUrl = postgres.url;
    const store = { databaseUrl, ids: await registerEveryone({ databaseUrl }) };
    for (const processor of [0, 1]) columns.push(await startColumn(processor, store));
    const rows: string[][] = [];
    for (const workload of [ONE, MANY]) rows.push(await line(columns, workload, options));
    return table(['', 'requests/s of one', 'of two', 'ratio'], rows);
  } finally {
    for (const { bed } of columns) await bed.close();
    await postgres.stop();
  }
}
