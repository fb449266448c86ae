import type { Candidate } from './candidates.ts';
import { load, type Load } from './load.ts';
import type { Requests } from './test-bed.ts';
import type { Workload } from './workloads.ts';

/** Loads a candidate once. Fails where a request does: an answer that is wrong costs less than a right one. */
export async function sample(
  candidate: Candidate,
  { name }: Workload,
  { files }: Requests,
  how: { seconds: number; connections: number },
): Promise<Load> {
  const measured = await load(candidate, files, how);
  if (measured.requests === 0) throw new Error(`${candidate.name} answers no ${name} in ${how.seconds} s`);
  if (measured.errors > 0) throw new Error(`${candidate.name} fails ${measured.errors} requests of ${name}`);
  return measured;
}

/** The one in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
