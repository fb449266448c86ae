import type { Candidate } from './candidates.ts';
import { load, type Load } from './load.ts';
import type { TestBed } from './test-bed.ts';
import type { Workload } from './workloads.ts';

/** What came of one load, and how often it made the candidate call a provider. */
export interface Sample extends Load {
  callsPerRequest: number;
}

const sum = (calls: Record<string, number>): number => Object.values(calls).reduce((a, b) => a + b, 0);

/** Loads a candidate once. Fails where a request does: an answer that is wrong costs less than a right one. */
export async function sample(
  bed: TestBed,
  candidate: Candidate,
  workload: Workload,
  { seconds, connections }: { seconds: number; connections: number },
): Promise<Sample> {
  const { files } = bed.requests(workload);
  const before = sum(await bed.upstreams.ask({}));
  const measured = await load(candidate, files, { seconds, connections });
  const calls = sum(await bed.upstreams.ask({})) - before;
  if (measured.errors > 0)
    throw new Error(`${candidate.name} failed ${measured.errors} requests of ${workload.name}`);
  return { ...measured, callsPerRequest: calls / measured.requests };
}

/** The one in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
