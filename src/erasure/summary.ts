import type { Erasure, Task } from './erasure.ts';
import type { Outcome } from './words.ts';

const WORDS: Record<Outcome, string> = {
  DELETED: 'deleted',
  REDACTED: 'redacted',
  SOFT_DELETED: 'soft-deleted',
  ALREADY_ABSENT: 'nothing to delete',
  ABSENT_UNEXPECTEDLY: 'already gone',
  DELETED_INFERRED: 'gone after a lost answer',
  RETAINED: 'retained',
  REFUSED: 'refused',
};

function wordOf({ state, outcome, waitingReason, errorCode }: Task): string {
  if (outcome !== null) return WORDS[outcome];
  if (waitingReason !== null) return `waiting (${waitingReason.toLowerCase().replace('_', ' ')})`;
  const failed = state === 'FAILED' || state === 'BLOCKED';
  return failed && errorCode
    ? `${state.toLowerCase()} (${errorCode.toLowerCase().replaceAll('_', ' ')})`
    : state.toLowerCase();
}

/** Where an erasure stands, in one sentence: `VERIFYING: deleted at onelogin; redacted at learn.` */
export function summarise(erasure: Erasure, tasks: readonly Task[]): string {
  if (tasks.length === 0) return `${erasure.state}: no integration holds anything that the gateway knows of.`;
  const places = new Map<string, string[]>();
  for (const task of tasks) {
    const word = wordOf(task);
    places.set(word, [...(places.get(word) ?? []), task.integrationId]);
  }
  const parts = [...places].map(([word, ids]) => `${word} at ${ids.join(', ')}`);
  return `${erasure.state}: ${parts.join('; ')}.`;
}
