import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { refuseAddress } from './address.ts';
import { answerOrigin } from './cors.ts';
import type { OpenDocument, OpenRoute } from './open-documents.ts';
import { refuse, setHeaders, type Refusal } from './refusal.ts';
import { isSmallEnough } from './request-body.ts';
import { currentRequestId, inRequest } from './request-scope.ts';
import { GRAPHQL_PATH } from './yoga-around.ts';

/** What answers at a path. */
export interface Route {
  methods: readonly string[];
  answer(request: IncomingMessage, response: ServerResponse): unknown;
}

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
  /** What callers are answered by, by path. */
  routes: Readonly<Record<string, Route>>;
}

const TOO_LARGE: Refusal = { status: 413, message: 'The body is too large.' };

const NOTHING_HERE: Refusal = { status: 404, message: 'There is nothing here.' };

/** Bodies are JSON by POST: no browser sends that to another site without asking first (Fetch, section 3.2). */
function refuseForm(
  { method = '', headers }: IncomingMessage,
  methods: readonly string[],
  graphiql: boolean,
): Refusal | null {
  if (method === 'GET' && graphiql && headers.accept?.includes('text/html')) return null;
  const allow = methods.join(', ');
  if (!methods.includes(method)) return { status: 405, message: `Use ${allow}.`, headers: { allow } };
  if (method !== 'POST') return null;
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') return { status: 415, message: 'Use the content type application/json.' };
  const { 'content-encoding': encoding = 'identity' } = headers;
  return encoding === 'identity' ? null : { status: 415, message: 'Send the body without compression.' };
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
async function pass(request: IncomingMessage, response: ServerResponse, { answer }: Route): Promise<void> {
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
  routes,
}: DoorOptions): RequestListener {
  return (request, response) =>
    inRequest((requestId) => {
      setHeaders(response, requestId);
      const address = refuseAddress(request, allowedHosts);
      if (address) return refuse(response, address);
      const path = request.url!.split('?')[0]!;
      if (path === '/health') return void response.end('ok');
      for (const { path: pattern, read } of open) {
        const match = pattern.exec(path);
        if (match) return void serve(request, response, log, () => read(match[1] ?? ''));
      }
      const route = routes[path];
      if (!route) return refuse(response, NOTHING_HERE);
      if (answerOrigin(request, response, corsOrigins, route.methods)) return;
      const form = refuseForm(request, route.methods, graphiql && path === GRAPHQL_PATH);
      if (form) return refuse(response, form);
      void pass(request, response, route);
    });
}
