import type { HttpAnswer } from './http.ts';
import { ProviderError, type ProviderErrorCode } from './error.ts';
import { unlessAborted } from './unless-aborted.ts';

export interface IssuedToken {
  token: string;
  expiresInSeconds: number;
  /** Scopes that the token endpoint named, where it did. */
  scopes?: readonly string[] | undefined;
}

interface Current {
  issued: IssuedToken;
  renewAt: number;
  /** Whether a call with it was ever accepted. */
  accepted: boolean;
}

const RENEW_BEFORE_MS = 60_000;
const TIMEOUT_MS = 10_000;
const FIRST_PAUSE_MS = 2_000;
const PAUSE_GROWS = 6;
const LONGEST_PAUSE_MS = 30 * 60_000;

/**
 * What a failed token call means for the call that needed the token. That call was never sent: its outcome is known,
 * and a 404 of the token endpoint says nothing about an account.
 */
const MEANING: Partial<Record<ProviderErrorCode, ProviderErrorCode>> = {
  UNAUTHENTICATED: 'UNAUTHENTICATED',
  FORBIDDEN: 'FORBIDDEN',
  INVALID: 'UNAUTHENTICATED',
  RATE_LIMITED: 'RATE_LIMITED',
};

/**
 * An access token that is fetched when first needed, shared by all calls, and renewed a minute before it expires.
 *
 * A refused credential is tried again after 2 s, 12 s, 72 s … and at last every half hour: vendors block an address
 * that fails too often (Particle: ten times, for 30 minutes; docs.particle.io/reference/cloud-apis/api).
 */
export class BearerToken {
  readonly #provider: string;
  readonly #fetch: (signal: AbortSignal) => Promise<IssuedToken>;
  #current: Current | undefined;
  #flight: Promise<Current> | undefined;
  #refusal: { error: ProviderError; until: number; pauseMs: number } | undefined;

  constructor(provider: string, fetch: (signal: AbortSignal) => Promise<IssuedToken>) {
    this.#provider = provider;
    this.#fetch = fetch;
  }

  /**
   * Runs a call with the token; once more with a fresh one when the provider answers 401 to one that it took before.
   * Waits for a token no longer than until the signal.
   */
  async use(signal: AbortSignal, call: (token: string) => Promise<HttpAnswer>): Promise<HttpAnswer> {
    const current = this.#usable() ?? (await this.#get(signal));
    try {
      const answer = await call(current.issued.token);
      current.accepted = true;
      this.#refusal = undefined;
      return answer;
    } catch (error) {
      if (!(error instanceof ProviderError) || error.code !== 'UNAUTHENTICATED') throw error;
      if (this.#current === current) this.#current = undefined;
      if (!current.accepted) throw this.#pauseAfter(error);
      return call((await this.#get(signal)).issued.token);
    }
  }

  /** The scopes of the present token, where its endpoint named them. */
  async scopes(signal: AbortSignal): Promise<readonly string[] | undefined> {
    return (await this.#get(signal)).issued.scopes;
  }

  #usable(): Current | undefined {
    return this.#current && this.#current.renewAt > Date.now() ? this.#current : undefined;
  }

  async #get(signal: AbortSignal): Promise<Current> {
    const ended = (cause: unknown): ProviderError =>
      new ProviderError('UNAVAILABLE', { provider: this.#provider, operation: 'token', cause });
    if (signal.aborted) throw ended(signal.reason);
    const current = this.#usable();
    if (current) return current;
    if (this.#refusal && this.#refusal.until > Date.now()) throw this.#refusal.error;
    this.#flight ??= this.#renew().finally(() => {
      this.#flight = undefined;
    });
    return unlessAborted(signal, this.#flight, ended);
  }

  /** Has a deadline of its own: the flight is shared, so no single caller's may end it. */
  async #renew(): Promise<Current> {
    const issued = await this.#fetch(AbortSignal.timeout(TIMEOUT_MS)).catch((cause: unknown) => {
      throw cause instanceof ProviderError ? this.#failure(cause) : cause;
    });
    const { expiresInSeconds } = issued;
    const lifetime = expiresInSeconds > 0 ? expiresInSeconds * 1000 : Number.POSITIVE_INFINITY;
    const renewAt = Date.now() + Math.max(lifetime - RENEW_BEFORE_MS, lifetime / 2);
    this.#current = { issued, renewAt, accepted: false };
    return this.#current;
  }

  #failure(cause: ProviderError): ProviderError {
    const { status, reason, retryAt, postponedBy } = cause;
    const options = {
      provider: this.#provider,
      operation: 'token',
      status,
      reason,
      retryAt,
      postponedBy,
      cause,
    };
    const error = new ProviderError(MEANING[cause.code] ?? 'UNAVAILABLE', options);
    return error.code === 'UNAUTHENTICATED' || error.code === 'FORBIDDEN' ? this.#pauseAfter(error) : error;
  }

  #pauseAfter(error: ProviderError): ProviderError {
    const last = this.#refusal?.pauseMs ?? FIRST_PAUSE_MS / PAUSE_GROWS;
    const pauseMs = Math.min(last * PAUSE_GROWS, LONGEST_PAUSE_MS);
    this.#refusal = { error, until: Date.now() + pauseMs, pauseMs };
    return error;
  }
}
