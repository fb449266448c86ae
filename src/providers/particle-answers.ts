import { z } from 'zod';
import { codeOfStatus, type Verdict } from './answer.ts';
import type { HttpAnswer, HttpCall } from './http.ts';

/** The vendor names no time to wait after a 429, only that one should. */
const RATE_LIMIT_WAIT_MS = 5_000;

const errorBody = z
  .object({ error: z.string(), error_description: z.string(), errors: z.array(z.string()) })
  .partial();

const CODES: Record<string, Verdict['code']> = {
  invalid_token: 'UNAUTHENTICATED',
  invalid_client: 'UNAUTHENTICATED',
  invalid_grant: 'UNAUTHENTICATED',
  unauthorized: 'FORBIDDEN',
  invalid_scope: 'FORBIDDEN',
  customer_exists: 'CONFLICT',
};

/** Under 404, and with `invalid_scope` where a token is asked for a customer who is not there. */
const NO_CUSTOMER = /\bcustomer not found/i;
/** What is missing is not the customer: the settings name a product that is not there. */
const WRONG_PLACE = /\b(product|organization) not found/i;

/** Particle says 400 `unauthorized` for a wrong scope, and `invalid_scope` to a customer's token. */
export function judge(answer: HttpAnswer, method: HttpCall['method']): Verdict {
  const { error, error_description, errors } = errorBody.safeParse(answer.body).data ?? {};
  const reason = error_description ?? error ?? errors?.[0];
  const words = WRONG_PLACE.test(reason ?? '') ? undefined : reason;
  const known = NO_CUSTOMER.test(reason ?? '') ? 'NOT_FOUND' : CODES[error ?? ''];
  const code = known ?? codeOfStatus(answer.status, method, words);
  const retryAt = code === 'RATE_LIMITED' ? new Date(Date.now() + RATE_LIMIT_WAIT_MS) : undefined;
  return { code, reason, retryAt };
}
