import { expect } from 'vitest';
import type { VendorName } from '../../src/commands/launch-sandbox.ts';
import type { Evidence } from './evidence.ts';

/**
 * How an erasure ends at one vendor.
 *
 * - `DELETED`: deleted, and seen to be.
 * - `INFERRED`: the answer was lost, and the account is seen to be gone.
 * - `ABSENT`: seen to be gone after a delete that the vendor said it had not done.
 * - `UNVERIFIED`: the vendor says that it deleted, and no look could be taken.
 * - `STILL_THERE`: seen to be there after the last delete.
 * - `UNKNOWN`: a delete was lost, and no look could be taken.
 * - `REVIEW`: a delete was lost where nobody can ever look, so that a person has to judge.
 * - `NOT_ASKED`: a vendor that is asked first did not delete.
 * - `UNAVAILABLE`, `UNEXPECTED_RESPONSE`, `UNAUTHENTICATED`: failed for that, with nothing deleted.
 */
export type End =
  | 'DELETED'
  | 'INFERRED'
  | 'ABSENT'
  | 'UNVERIFIED'
  | 'STILL_THERE'
  | 'UNKNOWN'
  | 'REVIEW'
  | 'NOT_ASKED'
  | 'UNAVAILABLE'
  | 'UNEXPECTED_RESPONSE'
  | 'UNAUTHENTICATED';

const OUTCOME: Record<VendorName, string> = {
  particle: 'DELETED',
  engagelab: 'DELETED',
  learn: 'REDACTED',
  vpn: 'SOFT_DELETED',
  onelogin: 'DELETED',
};

const failed = (errorCode: string, verdict: string | null = null): object => ({
  state: 'FAILED',
  outcome: null,
  verdict,
  errorCode,
});

function taskAt(name: VendorName, end: End): object {
  const verdict = name === 'learn' ? 'VERIFIED_REDACTED' : 'VERIFIED_ABSENT';
  const succeeded = { state: 'SUCCEEDED', verdict, errorCode: null };
  switch (end) {
    case 'DELETED':
      return { ...succeeded, outcome: OUTCOME[name] };
    case 'INFERRED':
      return { ...succeeded, outcome: 'DELETED_INFERRED' };
    case 'ABSENT':
      return { ...succeeded, outcome: 'ABSENT_UNEXPECTEDLY' };
    case 'UNVERIFIED':
      return { state: 'SUCCEEDED', outcome: OUTCOME[name], verdict: 'UNVERIFIABLE' };
    case 'STILL_THERE':
      return failed('STILL_PRESENT', 'STILL_PRESENT');
    case 'UNKNOWN':
      return failed('OUTCOME_UNKNOWN');
    case 'REVIEW':
      return { state: 'RUNNING', outcome: null, verdict: null, waitingReason: 'NEEDS_REVIEW' };
    case 'NOT_ASKED':
      return { ...failed('REFUSED_ELSEWHERE'), state: 'BLOCKED' };
    default:
      return failed(end);
  }
}

const SEEN_GONE: ReadonlySet<End> = new Set(['DELETED', 'INFERRED', 'ABSENT']);
const SAID_GONE: ReadonlySet<End> = new Set([...SEEN_GONE, 'UNVERIFIED']);
const PERHAPS_GONE: ReadonlySet<End> = new Set([...SAID_GONE, 'UNKNOWN']);

function erasureOf(ends: readonly End[]): string {
  if (ends.includes('REVIEW')) return 'RUNNING';
  if (ends.every((end) => SEEN_GONE.has(end))) return 'COMPLETED';
  if (ends.every((end) => SAID_GONE.has(end))) return 'COMPLETED_WITH_EXCEPTIONS';
  return ends.some((end) => PERHAPS_GONE.has(end)) ? 'PARTIAL' : 'FAILED';
}

/** Expects an erasure to have ended so at each of its vendors, and as a whole. */
export function expectEnds(evidence: readonly Evidence[], endAt: (name: VendorName) => End): void {
  for (const { name, task } of evidence) expect(task).toMatchObject(taskAt(name, endAt(name)));
  expect(evidence[0]!.erasure.state).toBe(erasureOf(evidence.map(({ name }) => endAt(name))));
}
