import { expect } from 'vitest';
import type { VendorName } from '../../src/commands/launch-sandbox.ts';
import { ownPaths } from '../crash/own-paths.ts';
import type { Evidence } from './evidence.ts';
import type { Held } from './held.ts';

const MOST_TRIES = 3;
/** A timer may be early by a millisecond or two. */
const A_SECOND_MS = 995;
/** What hangs on an account, and does not show it. */
const BESIDES = /\/devices\?|\/apps$/;
/** What the plan says where a vendor has nothing to look by. */
const CANNOT_LOOK = 'UNCONFIRMED';

/** Whether the gateway had an answer of the vendor about the account after its last delete. */
function lookedAfterwards({ calls }: Evidence): boolean {
  const last = calls.findLastIndex(({ method }) => method === 'DELETE');
  return calls.slice(last + 1).some(({ method, status }) => method === 'GET' && status === 200);
}

/** What the vendor must hold for the task's state to be true; null where the state says that nobody knows. */
function claimOf(evidence: Evidence): Held | null {
  const { state, errorCode, waitingReason } = evidence.task;
  if (state === 'SUCCEEDED') return 'GONE';
  if (waitingReason === 'NEEDS_REVIEW' || errorCode === 'OUTCOME_UNKNOWN') {
    expect(lookedAfterwards(evidence), 'says that it is not known, and has looked').toBe(false);
    return null;
  }
  return 'THERE';
}

/** The state of the task does not contradict the vendor. */
function checkState(evidence: Evidence): void {
  const { task, erasure, held } = evidence;
  expect(['SUCCEEDED', 'FAILED', 'BLOCKED', 'RUNNING']).toContain(task.state);
  expect(task.state === 'RUNNING').toBe(task.waitingReason === 'NEEDS_REVIEW');
  expect(task.attempts.filter(({ result }) => result === null || result === 'INTERRUPTED')).toEqual([]);
  const claim = claimOf(evidence);
  if (claim !== null) expect({ task, held }).toMatchObject({ held: claim });
  if (task.state !== 'SUCCEEDED') expect(erasure.state).not.toMatch(/^COMPLETED/);
}

/**
 * Few deletes, of nobody else, each of which the gateway says it made; where it can look, a second one only after a
 * look at the account, unless the vendor refused the credential of the first.
 */
function checkCalls({ name, person, calls, task }: Evidence): void {
  const [account, ...others] = ownPaths(person)[name];
  const changes = calls.filter(({ method }) => method !== 'GET');
  expect(changes.filter(({ path }) => ![account, ...others].includes(path))).toEqual([]);
  const deletes = changes.filter(({ path }) => path === account);
  expect(deletes.length).toBeLessThanOrEqual(MOST_TRIES);
  for (const kind of ['PROBE', 'PREPARE', 'DELETE'])
    expect(task.attempts.filter((attempt) => attempt.kind === kind).length).toBeLessThanOrEqual(MOST_TRIES);
  if (deletes.length > 0) expect(task.attempts.map(({ kind }) => kind)).toContain('DELETE');
  let mayDelete = true;
  for (const { method, path, status } of calls) {
    if (method === 'GET' && status === 200 && !BESIDES.test(path)) mayDelete = true;
    if (path !== account || method !== 'DELETE') continue;
    expect(mayDelete, 'was asked to delete again without a look').toBe(true);
    mayDelete = status === 401 || task.presence === CANNOT_LOOK;
  }
}

/** Whoever is told that it is too much comes back when a second has passed, which is the least that is asked here. */
function checkPatience({ calls }: Evidence): void {
  calls.forEach(({ status, at }, i) => {
    const next = calls[i + 1];
    if (status === 429 && next) expect(next.at - at).toBeGreaterThanOrEqual(A_SECOND_MS);
  });
}

/** The requests that would show the account of a vendor to whoever reads an error. */
const PLACES: Record<VendorName, RegExp> = {
  particle: /\/v1\//,
  engagelab: /\/v4\//,
  learn: /\/rest\//,
  vpn: /\/customer\//,
  onelogin: /\/api\//,
};

function checkWords({ name, person, task }: Evidence): void {
  const words = `${task.errorMessage} ${task.providerReason}`;
  for (const place of [PLACES[name], /https?:/, /127\.0\.0\.1|localhost/]) expect(words).not.toMatch(place);
  expect(task.errorMessage ?? '').not.toContain(person.email);
}

/** What must hold whatever the vendor did. Knows nothing of the fault. */
export function check(evidence: Evidence): void {
  expect(evidence.struck, `nothing struck ${evidence.name}`).toBe(true);
  checkState(evidence);
  checkCalls(evidence);
  checkPatience(evidence);
  checkWords(evidence);
  expect(evidence.after).toEqual(evidence.before);
}
