/** Every way a provider call can fail. The list is closed: whoever handles a code handles it for all providers. */
export const PROVIDER_ERROR_CODES = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'CONFLICT',
  'INVALID',
  'RATE_LIMITED',
  'UNAVAILABLE',
  'OUTCOME_UNKNOWN',
  'UNEXPECTED_RESPONSE',
] as const;

export type ProviderErrorCode = (typeof PROVIDER_ERROR_CODES)[number];

const WORDS: Record<ProviderErrorCode, string> = {
  UNAUTHENTICATED: 'the credential was not accepted',
  FORBIDDEN: 'the credential may not do this',
  NOT_FOUND: 'the provider holds no such account',
  CONFLICT: 'the provider refuses in the present state',
  INVALID: 'the provider calls the request invalid',
  RATE_LIMITED: 'too many requests',
  UNAVAILABLE: 'the provider could not be reached or did nothing',
  OUTCOME_UNKNOWN: 'the request was sent and its outcome is not known',
  UNEXPECTED_RESPONSE: 'the answer does not have the documented form',
};

/** What of the gateway's own has held a call back before anything was sent. */
export type PostponedBy = 'RATE_LIMIT' | 'CONCURRENCY' | 'CIRCUIT' | 'RETRY_BUDGET';

export interface ProviderErrorOptions {
  /** Provider id and operation; never a path, which would carry the customer's key. */
  provider: string;
  operation: string;
  status?: number | undefined;
  /** The provider's own words, for an operator. May name the customer: not for logs, audit or receipts. */
  reason?: string | undefined;
  /** When the provider, or the gateway's own gate, wants to be asked again. */
  retryAt?: Date | undefined;
  postponedBy?: PostponedBy | undefined;
  cause?: unknown;
}

const MAX_REASON = 200;

/** Cuts a provider's text to a printable length. */
function printable(reason: string): string {
  return reason.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').slice(0, MAX_REASON);
}

/** What happened at a provider. Says nothing about whether to try again: that is the caller's decision. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly code: ProviderErrorCode;
  readonly status: number | undefined;
  /** Private, so that loggers do not see it. */
  readonly #reason: string | undefined;
  readonly retryAt: Date | undefined;
  /** Set when the gateway held the call back, so that nothing was sent. */
  readonly postponedBy: PostponedBy | undefined;

  constructor(code: ProviderErrorCode, options: ProviderErrorOptions) {
    const status = options.status === undefined ? '' : ` (HTTP ${options.status})`;
    super(`${options.provider} ${options.operation}: ${WORDS[code]}${status}`, { cause: options.cause });
    this.code = code;
    this.status = options.status;
    this.#reason = options.reason === undefined ? undefined : printable(options.reason);
    this.retryAt = options.retryAt;
    this.postponedBy = options.postponedBy;
  }

  /** The provider's own words, which may name the customer. */
  get reason(): string | undefined {
    return this.#reason;
  }
}
