import type { HeldBy } from './error.ts';

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

/**
 * Stands before every HTTP call of one integration: lets it through, makes it wait its turn, or holds it back before
 * anything is sent.
 */
export interface Gate {
  /** @throws {ProviderError} `RATE_LIMITED` or `UNAVAILABLE`, with `heldBy`, when the call was held back. */
  pass<T>(operation: string, signal: AbortSignal, call: () => Promise<T>): Promise<T>;
  /** Why a call would be held back now, and until when; null when it would not. */
  closedUntil(kind: 'FIRST_TRY' | 'RETRY'): { heldBy: HeldBy; until: Date } | null;
  traffic(): Traffic;
}

/** A gate that lets everything through at once. */
export const openGate: Gate = {
  pass: (_operation, _signal, call) => call(),
  closedUntil: () => null,
  traffic: () => ({ circuit: 'CLOSED', running: 0, waiting: 0 }),
};
