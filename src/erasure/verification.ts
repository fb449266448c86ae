import type { Sighting } from '../providers/provider.ts';
import type { Task } from './erasure.ts';
import { after, giveUp, needReview, succeed, type TaskChange, type Terms } from './task-change.ts';
import type { Outcome } from './words.ts';

/** The first look of the verification's schedule, or null where nobody can look. `claimed` is what it may confirm. */
function firstLook(claimed: Outcome | null, { manifest, now }: Terms): TaskChange | null {
  const wait = manifest.verification?.waitsMs[0];
  if (wait === undefined) return null;
  const waitingReason = wait > 0 ? 'VERIFICATION' : null;
  return { claimed, next: 'VERIFY', looks: 0, waitingReason, notBefore: after(now, wait) };
}

/** What the provider claims is only an outcome once a look has shown it, or nobody can look. */
export const afterDeletion = (outcome: Outcome, terms: Terms): TaskChange =>
  firstLook(outcome, terms) ?? succeed('UNVERIFIABLE', outcome);

/** No try is left, and nobody claims that the account is gone: what the lost delete came to, looks alone can tell. */
export const afterLostDeletion = ({ account }: Task, terms: Terms): TaskChange =>
  firstLook(null, terms) ?? needReview('OUTCOME_UNKNOWN', account);

/** What follows when no look could be taken. */
export const unseen = ({ claimed }: Task): TaskChange =>
  claimed ? succeed('UNVERIFIABLE', claimed) : giveUp('FAILED', 'OUTCOME_UNKNOWN');

export function afterVerification(task: Task, sighting: Sighting, terms: Terms): TaskChange {
  const outcome = task.claimed ?? 'DELETED_INFERRED';
  switch (sighting) {
    case 'ABSENT':
      return succeed('VERIFIED_ABSENT', outcome);
    case 'REDACTED':
      return succeed('VERIFIED_REDACTED', outcome);
    case 'RECREATED':
      return succeed('REAPPEARED', outcome);
    case 'UNKNOWN':
      return task.claimed ? unseen(task) : needReview('OUTCOME_UNKNOWN', task.account);
    case 'PRESENT':
      return lookAgain(task, terms) ?? stillThere;
  }
}

const stillThere: TaskChange = {
  ...giveUp('FAILED', 'STILL_PRESENT'),
  verdict: 'STILL_PRESENT',
  outcomeUnknown: false,
};

/** The next look of the verification's schedule, or null when that was the last. */
export function lookAgain(task: Task, { manifest, now }: Terms, earliest = now): TaskChange | null {
  const looks = task.looks + 1;
  const wait = manifest.verification?.waitsMs[looks];
  if (wait === undefined) return null;
  const notBefore = new Date(Math.max(after(now, wait).getTime(), earliest.getTime()));
  return { state: 'RUNNING', looks, waitingReason: 'VERIFICATION', notBefore };
}
