import type { PostponedBy } from './error.ts';

/** Whether calls reach the provider: all, none for now, or one to see whether it is back. */
export type Circuit = 'CLOSED' | 'OPEN' | 'HALF_OPEN';

/** What is going on before one integration. */
export interface Traffic {
  circuit: Circuit;
  /** Calls that were let through and are not answered yet. */
  running: number;
  /** Calls that wait to be let through. */
  waiting: number;
}

/** Work that is let in; `leave` when it is done. */
export interface Admission {
  leave(): void;
}

/** Work that has to come back, why, and when. */
export interface Postponement {
  postponedBy: PostponedBy;
  until: Date;
}

/** Whether work is done for the first time or again after it failed, which is let in less often. */
export type Try = 'FIRST' | 'RETRY';

/**
 * Stands before every HTTP call of one integration: lets it through, makes it wait its turn, or holds it back before
 * anything is sent.
 */
export interface Gate {
  /** Asks before work that makes calls is begun, so that it waits elsewhere when it would wait long. */
  admit(which: Try): Admission | Postponement;
  /** @throws {ProviderError} with `postponedBy`, when the call was held back; and what the call throws. */
  pass<T>(operation: string, signal: AbortSignal, call: () => Promise<T>): Promise<T>;
  traffic(): Traffic;
}

/** A gate that lets everything through at once. */
export const openGate: Gate = {
  admit: () => ({ leave() {} }),
  pass: (_operation, _signal, call) => call(),
  traffic: () => ({ circuit: 'CLOSED', running: 0, waiting: 0 }),
};
