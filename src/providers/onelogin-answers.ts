import { z } from 'zod';
import { codeOfStatus, read, type Verdict } from './answer.ts';
import { ProviderError } from './error.ts';
import type { Http, HttpAnswer, HttpCall } from './http.ts';

const text = z.union([z.string(), z.object({ description: z.string() }).transform((one) => one.description)]);
const texts = z.array(z.unknown()).transform((all) => all.map(String).join('; '));

/**
 * The error shapes in use, in the order in which the vendor's Java client tries them. One answer mostly fits one only,
 * but version 1 paths also answer in the form of version 2 and the other way round.
 */
const SHAPES = [
  z.object({ statusCode: z.number(), message: text }).transform(({ message }) => message),
  z
    .object({ status: z.number(), error: z.string(), description: z.string().optional() })
    .transform(({ error, description }) => description ?? error),
  z
    .object({ status: z.object({ code: z.number(), message: text }) })
    .transform(({ status }) => status.message),
  z.object({ code: z.number(), message: text }).transform(({ message }) => message),
  z.object({ messages: texts }).transform(({ messages }) => messages),
  z.object({ name: z.string() }).transform(({ name }) => name),
];

/** A vendor that reads ids as numbers would take `0123` for the user 123. */
export const USER_ID = /^[1-9]\d{0,17}$/;

/** @throws {ProviderError} `INVALID` for what is not a user id. */
export function userId({ provider }: Http, operation: string, externalId: string): string {
  if (USER_ID.test(externalId)) return externalId;
  throw new ProviderError('INVALID', { provider, operation, reason: 'not a user id' });
}

const QUOTA = 'rate_limit_exceeded';
const QUOTA_WAIT_SECONDS = 60;

/** A header's count; null where there is none. */
export function count({ headers }: HttpAnswer, name: string): number | null {
  const value = headers[name];
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : null;
}

function reasonOf(body: unknown): string | undefined {
  for (const shape of SHAPES) {
    const reason = shape.safeParse(body);
    if (reason.success) return reason.data;
  }
  return undefined;
}

/**
 * Version 1 says 400 for a missing header, 401 for a weak scope, 400 for the hourly quota. `X-RateLimit-Reset` is in
 * seconds from now. Source: developers.onelogin.com/api-docs/1/getting-started/dev-overview.
 */
export function judge(answer: HttpAnswer, method: HttpCall['method']): Verdict {
  const reason = reasonOf(answer.body);
  if (reason === QUOTA || answer.status === 429) {
    const seconds = count(answer, 'x-ratelimit-reset') ?? QUOTA_WAIT_SECONDS;
    return { code: 'RATE_LIMITED', reason, retryAt: new Date(Date.now() + seconds * 1000) };
  }
  if (reason === 'Insufficient Permission') return { code: 'FORBIDDEN', reason };
  if (reason === 'Authorization Information is incorrect') return { code: 'UNAUTHENTICATED', reason };
  return { code: codeOfStatus(answer.status, method, reason), reason };
}

const pagination = z.object({ after_cursor: z.string().nullish() }).optional();

/** What an answer carries: version 1 wraps it with the cursor beside it, version 2 has the cursor in a header. */
export function unwrap<T>(
  http: Http,
  operation: string,
  version: 1 | 2,
  schema: z.ZodType<T>,
  answer: HttpAnswer,
): { data: T; cursor: string | null } {
  if (version === 1) {
    const body = read(http, operation, z.object({ data: schema, pagination }), answer);
    return { data: body.data, cursor: body.pagination?.after_cursor ?? null };
  }
  const cursor = answer.headers['after-cursor'];
  const data = read(http, operation, schema, answer);
  return { data, cursor: typeof cursor === 'string' && cursor !== 'null' && cursor !== '' ? cursor : null };
}

const token = z.object({ access_token: z.string(), expires_in: z.number().default(36_000) });

/** The token endpoints of version 1 and 2 differ in their wrapping, and either has been seen to answer as the other. */
export function readToken(http: Http, answer: HttpAnswer): z.infer<typeof token> {
  const wrapped = z.object({ data: z.tuple([token]) }).transform(({ data }) => data[0]);
  return read(http, 'token', z.union([token, wrapped]), answer);
}
