import { ask } from './ask.ts';
import type { Options } from './options.ts';
import { openStreams } from './progress-streams.ts';
import { median, sample } from './sample.ts';
import { figure, table } from './table.ts';
import { setUp, type TestBed } from './test-bed.ts';
import type { Candidate } from './candidates.ts';
import type { Workload } from './workloads.ts';

/** The most ids that a list may have. */
const PAGE = 100;
/** A query may answer 2,500 values, and the least of a customer with accounts is three: 800 are the most, by whole pages. */
const SIZES = [10, 100, 800];

/** So many customers in one query. More than a page are asked for by aliases. */
function workloadOf(size: number): Workload {
  const pages = Array.from({ length: Math.ceil(size / PAGE) }, (_, i) => i);
  const parameters = pages.map((i) => `$ids${i}: [ID!]!`).join(', ');
  const fields = pages.map((i) => `page${i}: nodes(ids: $ids${i}) { ...Shown }`).join(' ');
  return {
    name: `customers-${size}`,
    what: `${size} customers`,
    query: `query Grow(${parameters}) { ${fields} }
      fragment Shown on Customer { id accounts { __typename } }`,
    variables: (ids) => [
      Object.fromEntries(pages.map((i) => [`ids${i}`, ids.slice(i * PAGE, Math.min(size, (i + 1) * PAGE))])),
    ],
  };
}

/** One at a time, so that what a query takes is its own. */
async function sizeRow(bed: TestBed, gateway: Candidate, size: number, { rounds, seconds }: Options) {
  const workload = workloadOf(size);
  const requests = bed.requests(workload);
  const answer = await ask(gateway.url, requests.bodies[0]!, requests.token);
  const accounts = answer.split('"__typename"').length - 1;
  if (answer.includes('"errors":') || accounts !== 5 * size)
    throw new Error(`${size} customers: ${answer.slice(0, 500)}`);
  const cpu: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const { cpuMs } = await sample(gateway, workload, requests, { seconds, connections: 1 });
    if (round > 0) cpu.push(cpuMs / 1_000);
  }
  return [figure(size), figure(median(cpu)), figure((median(cpu) / size) * 1_000)];
}

/** What a customer more costs in one query, and what a client more costs that watches an erasure. */
export async function growth(options: Options): Promise<string> {
  const bed = await setUp();
  try {
    const gateway = await bed.start('gateway');
    const sizes: string[][] = [];
    for (const size of SIZES) sizes.push(await sizeRow(bed, gateway, size, options));
    const streams = await openStreams(gateway, bed);
    return [
      table(['customers in a query', 'CPU ms a query', 'CPU µs a customer'], sizes),
      table(
        ['open progress streams', 'RSS MB'],
        streams.map(({ open, rssMb }) => [figure(open), figure(rssMb)]),
      ),
    ].join('\n\n');
  } finally {
    await bed.close();
  }
}
