import { setMaxListeners } from 'node:events';
import type { ZodType } from 'zod';
import { ProviderError, type ProviderErrorCode } from './error.ts';
import type { Health } from './health.ts';
import type { Http, HttpAnswer, HttpCall } from './http.ts';
import type { Account, Sighting } from './provider.ts';
import { redact } from './redact.ts';
import { retryAfter, soonEnough } from './retry-after.ts';
import type { Secret } from './secret.ts';

/** What a provider's answer means, beyond its status. */
export interface Verdict {
  code: ProviderErrorCode;
  reason?: string | undefined;
  retryAt?: Date | undefined;
}

/** What a provider's adapter makes of an answer that is not 2xx. */
export type Judge = (answer: HttpAnswer, method: HttpCall['method']) => Verdict;

/** What routers say of a path: Express and Nest "Cannot GET /…", Kong "no Route matched", Spring and others "Not Found". */
const ROUTERS_WORDS = /^(cannot |no route\b|not[ _]found$)/i;

/**
 * The usual meaning of an HTTP status (RFC 9110, section 15), for answers whose body says no more. `reason` is what the
 * body says in the provider's own form, where it has that.
 * A 404 is only believed to speak of the account where there is such a reason and it is no router's: a proxy or a wrong
 * base URL answers 404 too, and must not read as "holds nothing".
 */
export function codeOfStatus(
  status: number,
  method: HttpCall['method'],
  reason: string | undefined,
): ProviderErrorCode {
  switch (status) {
    case 400:
    case 422:
      return 'INVALID';
    case 401:
      return 'UNAUTHENTICATED';
    case 403:
      return 'FORBIDDEN';
    case 404:
    case 410:
      return reason === undefined || ROUTERS_WORDS.test(reason) ? 'UNEXPECTED_RESPONSE' : 'NOT_FOUND';
    case 409:
      return 'CONFLICT';
    case 429:
      return 'RATE_LIMITED';
    case 503:
      return 'UNAVAILABLE';
    default:
      if (status !== 408 && status < 500) return 'UNEXPECTED_RESPONSE';
      return method === 'GET' ? 'UNAVAILABLE' : 'OUTCOME_UNKNOWN';
  }
}

/** The value of an HTTP Basic `Authorization` header (RFC 7617). */
export function basic(user: string, password: Secret): string {
  return `Basic ${Buffer.from(`${user}:${password.reveal()}`).toString('base64')}`;
}

/** How far the provider's clock is ahead, by the `Date` header (RFC 9110, section 6.6.1), in ms. */
function clockSkew({ headers }: HttpAnswer, now = Date.now()): number | null {
  const time = typeof headers['date'] === 'string' ? Date.parse(headers['date']) : Number.NaN;
  return Number.isNaN(time) ? null : time - Math.floor(now / 1000) * 1000;
}

/** What a call shows that the credential was good for. */
export function accepted(answer: HttpAnswer, found: Pick<Health, 'mayDelete' | 'why'>): Health {
  const clockSkewMs = clockSkew(answer);
  return { reachable: true, authenticated: true, rateLimitLeft: null, clockSkewMs, ...found };
}

/**
 * Sends a call when the gate lets it through. 2xx answers come back; every other becomes the error that `judge` makes
 * of it.
 */
export function ask(http: Http, call: HttpCall, judge: Judge): Promise<HttpAnswer> {
  setMaxListeners(0, call.signal); // many calls share one deadline
  return http.gate.pass(call.operation, call.signal, () => askNow(http, call, judge));
}

async function askNow(http: Http, call: HttpCall, judge: Judge): Promise<HttpAnswer> {
  const answer = await http.request(call);
  if (answer.status >= 200 && answer.status < 300) return answer;
  const { code, reason, retryAt } = judge(answer, call.method);
  throw new ProviderError(code, {
    provider: http.provider,
    operation: call.operation,
    status: answer.status,
    reason: redact(reason, call),
    retryAt: soonEnough(retryAfter(answer.headers['retry-after']) ?? retryAt),
  });
}

/** Reads a body by its schema. @throws {ProviderError} `UNEXPECTED_RESPONSE`. */
export function read<T>(http: Http, operation: string, schema: ZodType<T>, answer: HttpAnswer): T {
  const parsed = schema.safeParse(answer.body);
  if (parsed.success) return parsed.data;
  const options = { provider: http.provider, operation, status: answer.status };
  throw new ProviderError('UNEXPECTED_RESPONSE', { ...options, cause: parsed.error });
}

/** The page that a cursor stands for where a list is read by page number. @throws {ProviderError} `INVALID`. */
export function pageNumber({ provider }: Http, cursor: string | null): number {
  if (cursor === null) return 1;
  if (/^[1-9]\d{0,8}$/.test(cursor)) return Number(cursor);
  throw new ProviderError('INVALID', { provider, operation: 'list', reason: 'not a cursor of this list' });
}

/** The error of one key out of many, or rethrows what is not a provider's error. */
export function asFound(error: unknown): ProviderError {
  if (error instanceof ProviderError) return error;
  throw error;
}

/**
 * What came for one external id. A cache or a mistake can answer with another's account, which would then be the one
 * that is deleted. Letter case is the vendor's affair. @throws {ProviderError} `UNEXPECTED_RESPONSE`.
 */
export function onlyOf<A extends Account>({ provider }: Http, externalId: string, accounts: A[]): A[] {
  const wanted = externalId.toLowerCase();
  if (accounts.every((account) => account.externalId.toLowerCase() === wanted)) return accounts;
  const reason = 'the answer is about another account';
  throw new ProviderError('UNEXPECTED_RESPONSE', { provider, operation: 'find', reason });
}

/** What a lookup after the delete shows, where the provider gives a new account a mark of its own. */
export function sightingOf(found: readonly Account[], deleted: Account): Sighting {
  const [account] = found;
  if (!account) return 'ABSENT';
  return account.identity === deleted.identity ? 'PRESENT' : 'RECREATED';
}
