import { ProviderError, type ProviderErrorCode } from '../../src/providers/provider.ts';

/** How an operation ended: with a value, or with an error of the closed list. */
export interface Outcome<T = unknown> {
  code: 'OK' | ProviderErrorCode;
  value?: T;
  error?: ProviderError;
}

/** Waits for an operation's end. Rejects with whatever is not a {@link ProviderError}, which no adapter may throw. */
export async function outcomeOf<T>(operation: Promise<T>): Promise<Outcome<T>> {
  try {
    return { code: 'OK', value: await operation };
  } catch (error) {
    if (error instanceof ProviderError) return { code: error.code, error };
    throw error;
  }
}
