import { expect } from 'vitest';
import type { VendorName } from '../../src/commands/launch-sandbox.ts';
import type { LedgerEntry } from '../../src/sandbox/vendor.ts';
import type { Entry, Task } from './journal.ts';

const OUTCOME: Record<VendorName, string> = {
  particle: 'DELETED',
  engagelab: 'DELETED',
  learn: 'REDACTED',
  vpn: 'SOFT_DELETED',
  onelogin: 'DELETED',
};

/** The task says what happened, and an outcome that was inferred comes from a delete whose answer was lost. */
export function checkEnd({ integrationId, state, outcome, verdict, errorCode, attempts }: Task): void {
  const verified = integrationId === 'learn' ? 'VERIFIED_REDACTED' : 'VERIFIED_ABSENT';
  expect({ state, verdict, errorCode }).toEqual({ state: 'SUCCEEDED', verdict: verified, errorCode: null });
  const lost = attempts.some(({ result }) => result === 'OUTCOME_UNKNOWN');
  expect([OUTCOME[integrationId], ...(lost ? ['DELETED_INFERRED'] : [])]).toContain(outcome);
}

/** Every attempt has a result; one that was lost is in the log as interrupted; after a lost delete comes a look. */
export function checkAttempts({ attempts }: Task, entries: readonly Entry[]): void {
  const lost = attempts.filter(({ result }) => result !== 'OK');
  for (const { kind, result } of lost) {
    expect(result).toBe(kind === 'DELETE' ? 'OUTCOME_UNKNOWN' : 'INTERRUPTED');
  }
  expect(entries.filter(({ action }) => action === 'attempt.interrupted')).toHaveLength(lost.length);
  attempts.forEach((attempt, index) => {
    if (attempt.result === 'OUTCOME_UNKNOWN') expect(attempts[index + 1]?.kind).toBe('PROBE');
  });
}

/** Nothing begins to delete again before the log says that the delete before it was lost. */
export function checkExplained(entries: readonly Entry[]): void {
  let mayDelete = true;
  for (const { action, details } of entries) {
    const { kind } = details;
    if (action === 'attempt.interrupted') mayDelete = true;
    if (action !== 'attempt.started' || kind !== 'DELETE') continue;
    expect(mayDelete, 'deletes again, and the log does not say why').toBe(true);
    mayDelete = false;
  }
}

/**
 * The vendor was asked to change nothing but the customer's own, and each delete of the account was written down
 * before; a repeated one comes after a look. Returns how many calls were repeated.
 */
export function checkCalls(
  calls: readonly LedgerEntry[],
  [account, ...others]: readonly [string, ...string[]],
  { attempts }: Task,
): number {
  const changes = calls.filter(({ method }) => method !== 'GET');
  const isOwn = ({ method, path }: LedgerEntry): boolean =>
    method === 'DELETE' && [account, ...others].includes(path);
  expect(changes.filter((call) => !isOwn(call))).toEqual([]);

  const writtenDown = attempts.filter(({ kind }) => kind === 'DELETE').length;
  expect(changes.filter(({ path }) => path === account).length).toBeLessThanOrEqual(writtenDown);
  let looked = true;
  for (const { method, path } of calls) {
    if (method === 'GET') looked = true;
    if (method === 'GET' || path !== account) continue;
    expect(looked, 'was asked to delete again without a look').toBe(true);
    looked = false;
  }
  return changes.length - new Set(changes.map(({ path }) => path)).size;
}
