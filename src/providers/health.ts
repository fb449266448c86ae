import { ProviderError } from './error.ts';

/** What a look at an integration that changes nothing has shown. Null: it could not be found out. */
export interface Health {
  reachable: boolean | null;
  /** Whether the credential was accepted. */
  authenticated: boolean | null;
  mayDelete: boolean | null;
  /** Why, in words for an operator; null when there is nothing to say. */
  why: string | null;
  /** Requests that the provider still allows, where it says so. */
  rateLimitLeft: number | null;
  /** How far the provider's clock is ahead of ours in ms, to the second. */
  clockSkewMs: number | null;
}

const NOTHING_KNOWN: Health = {
  reachable: null,
  authenticated: null,
  mayDelete: null,
  why: null,
  rateLimitLeft: null,
  clockSkewMs: null,
};

/** What a failed check tells. */
function healthAfter({ code, reason, message, postponedBy }: ProviderError): Health {
  if (postponedBy) return { ...NOTHING_KNOWN, why: message };
  const reached = code !== 'UNAVAILABLE' && code !== 'OUTCOME_UNKNOWN';
  const refused = code === 'UNAUTHENTICATED' || code === 'FORBIDDEN';
  return {
    ...NOTHING_KNOWN,
    reachable: reached,
    authenticated: refused ? code === 'FORBIDDEN' : null,
    mayDelete: refused ? false : null,
    why: reason ?? message,
  };
}

/** Runs an integration's check; what fails is a finding too. */
export async function examine(
  integration: { check(signal: AbortSignal): Promise<Health> },
  signal: AbortSignal,
): Promise<Health> {
  try {
    return await integration.check(signal);
  } catch (error) {
    if (error instanceof ProviderError) return healthAfter(error);
    throw error;
  }
}
