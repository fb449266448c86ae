import { GATEWAY_ON_POSTGRESQL, type Candidate } from './candidates.ts';
import { compareAnswers } from './equal.ts';
import type { Load } from './load.ts';
import type { Options } from './options.ts';
import { median, sample } from './sample.ts';
import { figure, table } from './table.ts';
import { setUp, type Requests, type TestBed } from './test-bed.ts';
import { MANY, WORKLOADS, type Workload } from './workloads.ts';

const CONNECTIONS = 50;

/**
 * As many as come whether or not others are answered, each about every half second: who asks less often than every five
 * seconds finds the connection closed.
 */
const callersFor = (rate: number): number => Math.min(128, Math.max(8, Math.ceil(rate / 2)));

const NAMES = ['raw', 'gateway', GATEWAY_ON_POSTGRESQL];

/** What a candidate does at the most, and at half of it. */
interface Found {
  most: Load[];
  half: Load[];
}

/** Loads with a given rate: each caller pauses as long as makes it up, which a first load finds out. */
async function atRate(
  candidate: Candidate,
  workload: Workload,
  requests: Requests,
  { rate, seconds }: { rate: number; seconds: number },
): Promise<Load> {
  const connections = callersFor(rate);
  const wanted = (connections / rate) * 1_000;
  const once = (pauseMs: number): Promise<Load> =>
    sample(candidate, workload, requests, { seconds, connections, pauseMs });
  const taken = (connections / (await once(wanted)).perSecond) * 1_000 - wanted;
  return once(Math.max(1, wanted - taken));
}

async function measure(
  candidates: readonly Candidate[],
  workload: Workload,
  requests: Requests,
  { rounds, seconds }: Options,
): Promise<Found[]> {
  const found = candidates.map((): Found => ({ most: [], half: [] }));
  for (const [i, candidate] of candidates.entries()) {
    for (let round = 0; round <= rounds; round++) {
      const one = await sample(candidate, workload, requests, { seconds, connections: CONNECTIONS });
      if (round > 0) found[i]!.most.push(one);
    }
  }
  for (let round = 0; round < rounds; round++) {
    for (const [i, candidate] of candidates.entries()) {
      const rate = median(found[i]!.most.map(({ perSecond }) => perSecond)) / 2;
      found[i]!.half.push(await atRate(candidate, workload, requests, { rate, seconds }));
    }
  }
  return found;
}

const HEAD = ['', 'most requests/s', 'RSS MB', 'to raw', 'half of it', 'p50 ms', 'p99 ms', 'to raw'];

function lines({ name }: Workload, found: readonly Found[]): string[][] {
  const reading = (loads: readonly Load[], what: keyof Load): number => median(loads.map((one) => one[what]));
  const [limit] = found;
  return found.map(({ most, half }, i) => {
    const [p99, rss] = [reading(half, 'p99Ms'), reading(most, 'rssMb')];
    return [
      `${name}, ${NAMES[i]}`,
      figure(reading(most, 'perSecond')),
      figure(rss),
      (rss / reading(limit!.most, 'rssMb')).toFixed(2),
      figure(reading(half, 'perSecond')),
      figure(reading(half, 'p50Ms')),
      figure(p99),
      (p99 / reading(limit!.half, 'p99Ms')).toFixed(2),
    ];
  });
}

/** One workload after the other, the heaviest first, so that nothing else is in its memory. */
async function all(bed: TestBed, options: Options): Promise<string[][]> {
  const { only } = options;
  const workloads = [MANY, ...WORKLOADS.filter((one) => one !== MANY)].filter(
    ({ name }) => only.length === 0 || only.includes(name),
  );
  const candidates: Candidate[] = [];
  for (const name of NAMES) candidates.push(await bed.start(name));
  const rows: string[][] = [];
  for (const workload of workloads) {
    const requests = bed.requests(workload);
    await compareAnswers(bed.upstreams, candidates, workload, requests);
    rows.push(...lines(workload, await measure(candidates, workload, requests, options)));
  }
  return rows;
}

/** How long answers take at half of what each can do, and what memory the whole of it takes. */
export async function latency(options: Options): Promise<string> {
  const bed = await setUp({ onPostgresql: true });
  try {
    return table(HEAD, await all(bed, options));
  } finally {
    await bed.close();
  }
}
