import type { IncomingMessage, ServerResponse } from 'node:http';

/** What pages of another origin may read besides what every page may. */
const EXPOSED = 'x-request-id, retry-after, ratelimit, ratelimit-policy';

const PREFLIGHT_AGE_SECONDS = 600;

/**
 * Lets pages of listed origins in (Fetch, section 3.2), without credentials of the browser's own: a token is all that
 * counts here. True when the request was a preflight, and is answered.
 */
export function answerOrigin(
  request: IncomingMessage,
  response: ServerResponse,
  origins: ReadonlySet<string>,
  methods: readonly string[],
): boolean {
  if (origins.size === 0) return false;
  response.setHeader('vary', 'origin');
  const { method, headers } = request;
  if (headers.origin === undefined || !origins.has(headers.origin)) return false;
  response.setHeader('access-control-allow-origin', headers.origin);
  response.setHeader('access-control-expose-headers', EXPOSED);
  if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) return false;
  response.writeHead(204, {
    'access-control-allow-methods': methods.join(', '),
    'access-control-allow-headers': 'authorization, content-type, x-graphql-event-stream-token',
    'access-control-max-age': String(PREFLIGHT_AGE_SECONDS),
  });
  response.end();
  return true;
}

/**
 * Whether a socket may be opened from where the request comes from: no page, a page of the gateway's own host, or a page
 * of a listed origin. Browsers ask nobody before they open one (RFC 6455, section 10.2).
 */
export function mayOpenSocket({ headers }: IncomingMessage, origins: ReadonlySet<string>): boolean {
  const { origin, host } = headers;
  if (origin === undefined || origins.has(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
}
