import type { HttpAnswer } from './http.ts';
import { ProviderError, type ProviderErrorCode } from './error.ts';

export interface IssuedToken {
  token: string;
  expiresInSeconds: number;
}

const RENEW_BEFORE_MS = 60_000;
const TIMEOUT_MS = 10_000;

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

/** An access token that is fetched when first needed, shared by all calls, and renewed a minute before it expires. */
export class BearerToken {
  readonly #provider: string;
  readonly #fetch: (signal: AbortSignal) => Promise<IssuedToken>;
  #current: { token: string; renewAt: number } | undefined;
  #flight: Promise<string> | undefined;

  constructor(provider: string, fetch: (signal: AbortSignal) => Promise<IssuedToken>) {
    this.#provider = provider;
    this.#fetch = fetch;
  }

  /** Runs a call with the token; once more with a fresh one when the provider answers 401. */
  async use(call: (token: string) => Promise<HttpAnswer>): Promise<HttpAnswer> {
    const token = await this.#get();
    try {
      return await call(token);
    } catch (error) {
      if (!(error instanceof ProviderError) || error.code !== 'UNAUTHENTICATED') throw error;
      if (this.#current?.token === token) this.#current = undefined;
      return call(await this.#get());
    }
  }

  #get(): Promise<string> {
    if (this.#current && this.#current.renewAt > Date.now()) return Promise.resolve(this.#current.token);
    this.#flight ??= this.#renew().finally(() => {
      this.#flight = undefined;
    });
    return this.#flight;
  }

  /** Has a deadline of its own: the flight is shared, so no single caller's may end it. */
  async #renew(): Promise<string> {
    const { token, expiresInSeconds } = await this.#fetch(AbortSignal.timeout(TIMEOUT_MS)).catch(
      (cause: unknown) => {
        if (!(cause instanceof ProviderError)) throw cause;
        const { status, reason, retryAt } = cause;
        const options = { provider: this.#provider, operation: 'token', status, reason, retryAt, cause };
        throw new ProviderError(MEANING[cause.code] ?? 'UNAVAILABLE', options);
      },
    );
    const lifetime = expiresInSeconds > 0 ? expiresInSeconds * 1000 : Number.POSITIVE_INFINITY;
    this.#current = { token, renewAt: Date.now() + Math.max(lifetime - RENEW_BEFORE_MS, lifetime / 2) };
    return token;
  }
}
