import { CANDIDATES, GATEWAY_ON_POSTGRESQL, type Candidate } from './candidates.ts';
import { compareAnswers } from './equal.ts';
import type { Load } from './load.ts';
import { takesPart, type Options } from './options.ts';
import { installPeers, PEERS } from './peers.ts';
import { sample } from './sample.ts';
import { comparison, type Row } from './table.ts';
import { setUp, type Requests, type TestBed } from './test-bed.ts';
import { packages } from './versions.ts';
import { CONSTANT, WORKLOADS, type Workload } from './workloads.ts';

/** How long vendors keep an answer back, in ms. */
const LATENCIES = [0, 5];
const CONNECTIONS = 50;
/** What is asked for the first time is not yet compiled, by the gateway nor by V8. */
const WARM_UP_SECONDS = 15;

/** Who was started, and why others were not. */
interface Field {
  candidates: Candidate[];
  absent: { name: string; reason: string }[];
}

/** Starts everyone who takes part. A peer that cannot be had here is named with the reason, but for a short run. */
async function startAll(bed: TestBed, names: readonly string[], { short }: Options): Promise<Field> {
  const field: Field = { candidates: [], absent: [] };
  const isPeer = (name: string): boolean => PEERS.some((peer) => peer === name);
  for (const name of names) {
    try {
      if (isPeer(name)) await installPeers();
      field.candidates.push(await bed.start(name));
    } catch (error) {
      if (short || !isPeer(name)) throw error;
      field.absent.push({ name, reason: String(error) });
    }
  }
  return field;
}

/** A workload, and who has answered it alike. */
interface Race {
  workload: Workload;
  requests: Requests;
  candidates: readonly Candidate[];
  calls: ReadonlyMap<string, number>;
}

/** Has everyone answer before anyone is measured. */
async function races(bed: TestBed, candidates: readonly Candidate[], options: Options): Promise<Race[]> {
  const all: Race[] = [];
  for (const workload of WORKLOADS) {
    const field = candidates.filter(({ name }) => takesPart(options, workload, name));
    if (field.length === 0) continue;
    const requests = bed.requests(workload);
    const bodies = options.short ? requests.bodies.slice(0, 5) : requests.bodies;
    const calls = await compareAnswers(bed.upstreams, field, workload, { ...requests, bodies });
    console.log(`${workload.name}: ${bodies.length} equal answers of ${[...calls.keys()].join(', ')}`);
    all.push({ workload, requests, candidates: field, calls });
  }
  return all;
}

/** Loads all in turn, again and again, so that what the machine does meanwhile meets all of them alike. */
async function measure(
  race: Race,
  { rounds, seconds, short }: Options,
  warmUpSeconds: number,
): Promise<Row[]> {
  const { workload, requests, candidates, calls } = race;
  const once = (candidate: Candidate, seconds: number): Promise<Load> =>
    sample(candidate, workload, requests, { seconds, connections: short ? 1 : CONNECTIONS });
  if (!short) for (const candidate of candidates) await once(candidate, warmUpSeconds);
  const rows = candidates.map(({ name }): Row => ({ name, calls: calls.get(name)!, samples: [] }));
  for (let round = 0; round < rounds; round++) {
    for (const [i, candidate] of candidates.entries()) rows[i]!.samples.push(await once(candidate, seconds));
  }
  return rows;
}

/** Puts every workload to everyone: first to compare what they answer, then to measure them side by side. */
export async function compare(options: Options): Promise<string> {
  const names = CANDIDATES.filter((name) => WORKLOADS.some((one) => takesPart(options, one, name)));
  const onPostgresql = names.includes(GATEWAY_ON_POSTGRESQL);
  const bed = await setUp({ profile: options.profile, onPostgresql });
  try {
    const { candidates, absent } = await startAll(bed, names, options);
    const all = await races(bed, candidates, options);
    const sections: string[] = [];
    for (const delayMs of options.short ? [0] : LATENCIES) {
      await bed.upstreams.ask({ delayMs });
      for (const race of all.filter(({ workload }) => delayMs === 0 || workload !== CONSTANT)) {
        sections.push(
          comparison(
            race.workload,
            delayMs,
            await measure(race, options, delayMs === 0 ? WARM_UP_SECONDS : 1),
            absent,
          ),
        );
        console.log(`${race.workload.name}: measured with ${delayMs} ms of latency`);
      }
    }
    return [...sections, packages()].join('\n\n');
  } finally {
    await bed.close();
  }
}
