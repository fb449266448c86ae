import type { Account } from '../providers/provider.ts';
import type { Task } from './erasure.ts';
import { giveUp, needReview, succeed, type Probed, type TaskChange, type Terms } from './task-change.ts';
import { afterDeletion } from './verification.ts';

/**
 * Whether an account is the one that is meant. Where the provider gives no mark of creation, and a delete may already
 * have done its work since a person has judged it, only unchanged facts that tell accounts apart are believed.
 */
function isSame(
  { outcomeUnknown, claimed, doubted }: Task,
  known: Account,
  seen: Account,
  { sighting }: Probed,
): boolean {
  if (known.identity !== seen.identity) return false;
  if (known.identity !== null || doubted || (!outcomeUnknown && claimed === null)) return true;
  return sighting === 'PRESENT' && JSON.stringify(known.facts) === JSON.stringify(seen.facts);
}

/** The task's next state after a look that came before the delete. */
export function afterProbe(task: Task, probed: Probed, terms: Terms): TaskChange {
  const { account: known } = task;
  const { accounts, blockers } = probed;
  const seen = known ? accounts.filter(({ externalId }) => externalId === known.externalId) : accounts;
  const [account] = seen;
  if (!account && known)
    return afterDeletion(
      task.claimed ?? (task.outcomeUnknown ? 'DELETED_INFERRED' : 'ABSENT_UNEXPECTEDLY'),
      terms,
    );
  if (!account) return succeed('VERIFIED_ABSENT', 'ALREADY_ABSENT');
  if (terms.cancelRequested) return { state: 'CANCELED' };
  if (seen.length > 1) return needReview('AMBIGUOUS');
  if (!known && task.presence === 'ABSENT') return needReview('APPEARED_AFTER_PLAN', account);
  if (known && !isSame(task, known, account, probed)) return needReview('RECREATED', account);
  if (blockers.length > 0) {
    const errorMessage = blockers.map(({ message }) => message).join('; ');
    return { ...giveUp('BLOCKED', 'BLOCKER'), errorMessage };
  }
  return { account: known ?? account, next: terms.prepares ? 'PREPARE' : 'DELETE' };
}
