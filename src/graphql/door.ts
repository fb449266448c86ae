import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { inRequest } from './request-scope.ts';
import { GRAPHQL_PATH } from './yoga.ts';

export interface DoorOptions {
  /** Host names, without port, under which the gateway answers. */
  allowedHosts: readonly string[];
  /** Whether a browser may load GraphiQL. */
  graphiql: boolean;
  /** What answers JSON by POST, by path. */
  posts: Record<string, (request: IncomingMessage, response: ServerResponse) => unknown>;
}

interface Refusal {
  status: number;
  message: string;
  headers?: Record<string, string>;
}

const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::\d{1,5})?$/i;

const SECURITY_HEADERS = {
  'cache-control': 'no-store',
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
  return type === 'application/json'
    ? null
    : { status: 415, message: 'Use the content type application/json.' };
}

function refuse(response: ServerResponse, { status, message, headers = {} }: Refusal): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    connection: 'close',
    ...headers,
  });
  response.end(JSON.stringify({ errors: [{ message }] }));
}

/** What every request passes before it reaches GraphQL. */
export function door({ allowedHosts, graphiql, posts }: DoorOptions): RequestListener {
  return (request, response) =>
    inRequest((requestId) => {
      for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
      response.setHeader('x-request-id', requestId);
      const address = refuseAddress(request, allowedHosts);
      if (address) return refuse(response, address);
      const path = request.url!.split('?')[0]!;
      if (path === '/health') return void response.end('ok');
      const answer = posts[path];
      if (!answer) return refuse(response, { status: 404, message: 'There is nothing here.' });
      const form = refuseForm(request, graphiql && path === GRAPHQL_PATH);
      if (form) return refuse(response, form);
      answer(request, response);
    });
}
