import type { Candidate } from './candidates.ts';
import { load, type Load, type Pressure } from './load.ts';
import type { Requests } from './test-bed.ts';
import type { Workload } from './workloads.ts';

const LONGEST_SECONDS = 16;

/**
 * Loads a candidate once, or for longer when that was too short for a single answer. Fails where a request does: an
 * answer that is wrong costs less than a right one.
 */
export async function sample(
  candidate: Candidate,
  workload: Workload,
  requests: Requests,
  pressure: Pressure,
): Promise<Load> {
  const measured = await load(candidate, requests.files, pressure);
  const { name } = candidate;
  if (measured.errors > 0) throw new Error(`${name} fails ${measured.errors} requests of ${workload.name}`);
  if (measured.requests > 0) return measured;
  const seconds = pressure.seconds * 2;
  if (seconds > LONGEST_SECONDS)
    throw new Error(`${name} answers no ${workload.name} in ${pressure.seconds} s`);
  return sample(candidate, workload, requests, { ...pressure, seconds });
}

/** The one in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
