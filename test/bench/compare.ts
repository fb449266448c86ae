import { CANDIDATES, type Candidate } from './candidates.ts';
import { assertEqualAnswers } from './equal.ts';
import { takesPart, type Options } from './options.ts';
import { installPeers, PEERS } from './peers.ts';
import { sample, type Sample } from './sample.ts';
import { comparison, type Row } from './table.ts';
import { setUp, type TestBed } from './test-bed.ts';
import { CONSTANT, WORKLOADS, type Workload } from './workloads.ts';

/** How long vendors keep an answer back, in ms. */
const LATENCIES = [0, 5];
const CONNECTIONS = 50;

/** Who was started, and why others were not. */
interface Field {
  candidates: Candidate[];
  absent: { name: string; reason: string }[];
}

/** Starts everyone who takes part. A peer that cannot be had here is named with the reason; a short run is for finding that. */
async function startAll(bed: TestBed, options: Options): Promise<Field> {
  const names = CANDIDATES.filter((name) => WORKLOADS.some((one) => takesPart(options, one, name)));
  const field: Field = { candidates: [], absent: [] };
  const isPeer = (name: string): boolean => PEERS.some((peer) => peer === name);
  for (const name of names) {
    try {
      if (isPeer(name)) await installPeers();
      field.candidates.push(await bed.start(name));
    } catch (error) {
      if (options.short || !isPeer(name)) throw error;
      field.absent.push({ name, reason: String(error) });
    }
  }
  return field;
}

/** Loads all in turn, again and again, so that what the machine does meanwhile meets all of them alike. */
async function measure(
  bed: TestBed,
  candidates: readonly Candidate[],
  workload: Workload,
  { rounds, seconds, short }: Options,
): Promise<Row[]> {
  const once = (candidate: Candidate, seconds: number): Promise<Sample> =>
    sample(bed, candidate, workload, { seconds, connections: short ? 4 : CONNECTIONS });
  if (!short) for (const candidate of candidates) await once(candidate, 1);
  const rows: Row[] = candidates.map(({ name }) => ({ name, samples: [] }));
  for (let round = 0; round < rounds; round++) {
    for (const [i, candidate] of candidates.entries()) rows[i]!.samples.push(await once(candidate, seconds));
  }
  return rows;
}

/** Puts every workload to everyone: first to compare what they answer, then to measure them side by side. */
export async function compare(options: Options): Promise<string> {
  const bed = await setUp(options.profile);
  try {
    const { candidates, absent } = await startAll(bed, options);
    const fields = WORKLOADS.map((workload) => ({
      workload,
      field: candidates.filter(({ name }) => takesPart(options, workload, name)),
    })).filter(({ field }) => field.length > 0);
    for (const { workload, field } of fields) {
      const requests = bed.requests(workload);
      const bodies = options.short ? requests.bodies.slice(0, 5) : requests.bodies;
      await assertEqualAnswers(field, workload, { ...requests, bodies });
      console.log(
        `${workload.name}: ${bodies.length} equal answers of ${field.map(({ name }) => name).join(', ')}`,
      );
    }
    const sections: string[] = [];
    for (const delayMs of options.short ? [0] : LATENCIES) {
      await bed.upstreams.ask({ delayMs });
      for (const { workload, field } of fields) {
        if (workload === CONSTANT && delayMs > 0) continue;
        const rows = await measure(bed, field, workload, options);
        sections.push(comparison(workload, delayMs, rows, absent));
        console.log(`${workload.name}: measured with ${delayMs} ms of latency`);
      }
    }
    return sections.join('\n\n');
  } finally {
    await bed.close();
  }
}
