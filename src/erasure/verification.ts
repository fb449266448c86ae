import type { Sighting } from '../providers/provider.ts';
import type { Task } from './erasure.ts';
import { after, giveUp, succeed, type TaskChange, type Terms } from './task-change.ts';
import type { Outcome } from './words.ts';

/** What the provider claims is only an outcome once a look has shown it, or nobody can look. */
export function afterDeletion(outcome: Outcome, { manifest, now }: Terms): TaskChange {
  const wait = manifest.verification?.waitsMs[0];
  if (wait === undefined) return succeed('UNVERIFIABLE', outcome);
  return {
    claimed: outcome,
    next: 'VERIFY',
    waitingReason: wait > 0 ? 'VERIFICATION' : null,
    notBefore: after(now, wait),
  };
}

export function afterVerification(task: Task, sighting: Sighting, terms: Terms): TaskChange {
  switch (sighting) {
    case 'ABSENT':
      return succeed('VERIFIED_ABSENT', task.claimed);
    case 'REDACTED':
      return succeed('VERIFIED_REDACTED', task.claimed);
    case 'RECREATED':
      return succeed('REAPPEARED', task.claimed);
    case 'UNKNOWN':
      return succeed('UNVERIFIABLE', task.claimed);
    case 'PRESENT':
      return lookAgain(task, terms) ?? { ...giveUp('FAILED', 'STILL_PRESENT'), verdict: 'STILL_PRESENT' };
  }
}

/** The next look of the verification's schedule, or null when that was the last. */
export function lookAgain(task: Task, { manifest, now }: Terms, earliest = now): TaskChange | null {
  const looks = task.looks + 1;
  const wait = manifest.verification?.waitsMs[looks];
  if (wait === undefined) return null;
  const notBefore = new Date(Math.max(after(now, wait).getTime(), earliest.getTime()));
  return { state: 'RUNNING', looks, waitingReason: 'VERIFICATION', notBefore };
}
