import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { answerOrigin } from './cors.ts';
import type { OpenDocument, OpenRoute } from './open-documents.ts';
import { isSmallEnough } from './request-body.ts';
import { currentRequestId, inRequest } from './request-scope.ts';
import { GRAPHQL_PATH } from './yoga.ts';

export interface DoorOptions {
  /** Host names, without port, under which the gateway answers. */
  allowedHosts: readonly string[];
  /** Whether a browser may load GraphiQL. */
  graphiql: boolean;
  /** Origins of other sites whose pages may call, such as `https://app.example.com`. */
  corsOrigins: ReadonlySet<string>;
  /** What is answered to anyone. */
  open: readonly OpenRoute[];
  log: Logger;
  /** What answers JSON by POST, by path. */
  posts: Record<string, (request: IncomingMessage, response: ServerResponse) => unknown>;
}

const CODES = {
  400: 'BAD_REQUEST',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  421: 'MISDIRECTED_REQUEST',
  500: 'INTERNAL_SERVER_ERROR',
};

interface Refusal {
  status: keyof typeof CODES;
  message: string;
  headers?: Record<string, string>;
}

const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::\d{1,5})?$/i;

const TOO_LARGE: Refusal = { status: 413, message: 'The body is too large.' };

const NOTHING_HERE: Refusal = { status: 404, message: 'There is nothing here.' };

const SECURITY_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** Exactly one well-formed Host (RFC 9112, section 3.2) that is on the list; a target that names no other host. */
function refuseAddress(request: IncomingMessage, allowedHosts: readonly string[]): Refusal | null {
  const hosts = request.headersDistinct.host ?? [];
  const name = hosts.length === 1 ? HOST.exec(hosts[0]!)?.[1]?.toLowerCase() : undefined;
  if (name === undefined) return { status: 400, message: 'The Host header is missing or malformed.' };
  if (!allowedHosts.includes(name)) return { status: 421, message: 'This host is not served here.' };
  if (!request.url?.startsWith('/')) return { status: 400, message: 'The request target must be a path.' };
  return null;
}

/** JSON by POST only: no browser sends that to another site without asking first (Fetch, section 3.2). */
function refuseForm(request: IncomingMessage, graphiql: boolean): Refusal | null {
  const { method, headers } = request;
  if (method === 'GET' && graphiql && headers.accept?.includes('text/html')) return null;
  if (method !== 'POST') return { status: 405, message: 'Use POST.', headers: { allow: 'POST' } };
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') return { status: 415, message: 'Use the content type application/json.' };
  const { 'content-encoding': encoding = 'identity' } = headers;
  return encoding === 'identity' ? null : { status: 415, message: 'Send the body without compression.' };
}

function refuse(response: ServerResponse, { status, message, headers = {} }: Refusal): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    connection: 'close',
    ...headers,
  });
  const extensions = { code: CODES[status] };
  response.end(JSON.stringify({ errors: [{ message, extensions }] }));
}

function send(response: ServerResponse, { contentType, body, maxAgeSeconds }: OpenDocument): void {
  if (maxAgeSeconds !== null) response.setHeader('cache-control', `public, max-age=${maxAgeSeconds}`);
  response.setHeader('content-type', contentType);
  response.setHeader('content-length', Buffer.byteLength(body));
  response.end(body);
}

/** Answers an open document; what is not there looks like any other path that leads nowhere. */
async function serve(
  { method }: IncomingMessage,
  response: ServerResponse,
  log: Logger,
  read: () => Promise<OpenDocument | null>,
): Promise<void> {
  if (method !== 'GET' && method !== 'HEAD')
    return refuse(response, { status: 405, message: 'Use GET.', headers: { allow: 'GET, HEAD' } });
  try {
    const document = await read();
    if (document) send(response, document);
    else refuse(response, NOTHING_HERE);
  } catch (err) {
    log.error({ err, requestId: currentRequestId() }, 'an open document could not be read');
    refuse(response, { status: 500, message: 'Unexpected error.' });
  }
}

/** Hands a request on whose body may be read. Whoever has gone in the middle of it is not answered. */
async function pass(
  request: IncomingMessage,
  response: ServerResponse,
  answer: DoorOptions['posts'][string],
): Promise<void> {
  const small = await isSmallEnough(request).catch(() => null);
  if (small) answer(request, response);
  else if (small === false) refuse(response, TOO_LARGE);
}

/** What every request passes before it reaches GraphQL. */
export function door({
  allowedHosts,
  graphiql,
  corsOrigins,
  open,
  log,
  posts,
}: DoorOptions): RequestListener {
  return (request, response) =>
    inRequest((requestId) => {
      for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
      response.setHeader('x-request-id', requestId);
      const address = refuseAddress(request, allowedHosts);
      if (address) return refuse(response, address);
      const path = request.url!.split('?')[0]!;
      if (path === '/health') return void response.end('ok');
      for (const { path: pattern, read } of open) {
        const match = pattern.exec(path);
        if (match) return void serve(request, response, log, () => read(match[1] ?? ''));
      }
      const answer = posts[path];
      if (!answer) return refuse(response, NOTHING_HERE);
      if (answerOrigin(request, response, corsOrigins)) return;
      const form = refuseForm(request, graphiql && path === GRAPHQL_PATH);
      if (form) return refuse(response, form);
      void pass(request, response, answer);
    });
}
