import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { control } from './control.ts';
import { disturb, type Fault } from './fault.ts';
import { matchRoute } from './route.ts';

/** A request as a vendor's handler sees it. */
export interface Call {
  method: string;
  /** The path as it arrived, still percent-encoded. */
  path: string;
  /** The pattern's parameters, percent-decoded. */
  params: Record<string, string>;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  /** The body's fields, from a form or a JSON object. Empty when there is no body. */
  fields: Record<string, unknown>;
}

export interface Answer {
  status: number;
  json?: unknown;
  text?: string;
  headers?: Record<string, string>;
}

/** What is not established about a vendor, by name, with the value the simulation starts with. */
export type Assumptions = Record<string, string | number | boolean>;

/** A simulated vendor: handlers over plain state. */
export interface VendorDefinition<State extends object, A extends Assumptions> {
  name: string;
  /** `METHOD /path/:param` to handler; the first that matches answers. */
  routes: Record<string, (call: Call, state: State, assumptions: A) => Answer>;
  seed(): State;
  assumptions: A;
  /** The answer for a method and path that the vendor does not serve. */
  noRoute: Answer;
  /** The vendor's own way of saying "too many requests". */
  rateLimited(retryAfterSeconds?: number): Answer;
}

/** One request that arrived, in order of arrival. */
export interface LedgerEntry {
  at: number;
  method: string;
  /** Raw path and query, as sent. */
  path: string;
  /** Whether a credential came with it; its value is never kept. */
  authorization: boolean;
  /** The status that was answered, or null when the connection was cut. */
  status: number | null;
}

/** A vendor that listens. */
export interface Vendor {
  name: string;
  url: string;
  close(): Promise<void>;
  /** Takes connections again after `close`, at the same address and with the same state. */
  reopen(): Promise<void>;
}

export interface Running<State extends object = object> {
  definition: VendorDefinition<State, Assumptions>;
  state: State;
  ledger: LedgerEntry[];
  faults: Fault[];
  assumptions: Assumptions;
}

const MAX_BODY = 1_000_000;

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY) throw new Error('request body too large for the sandbox');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function fieldsOf(body: string, contentType = ''): Record<string, unknown> {
  if (contentType.includes('form-urlencoded')) return Object.fromEntries(new URLSearchParams(body));
  try {
    const value: unknown = JSON.parse(body);
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

export function send(response: ServerResponse, answer: Answer): void {
  const body = answer.json === undefined ? (answer.text ?? '') : JSON.stringify(answer.json);
  const type = answer.json === undefined ? 'text/plain' : 'application/json; charset=utf-8';
  const headers = body === '' ? answer.headers : { 'content-type': type, ...answer.headers };
  response.writeHead(answer.status, headers).end(body);
}

async function serve(vendor: Running, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = request.url ?? '/';
  const [path = '/', search = ''] = url.split('?');
  const method = request.method ?? 'GET';
  const body = await readBody(request);
  const fields = fieldsOf(body, request.headers['content-type']);
  if (path.startsWith('/_sandbox/')) return send(response, control(vendor, method, path, body));

  const entry: LedgerEntry = {
    at: Date.now(),
    method,
    path: url,
    authorization: request.headers.authorization !== undefined,
    status: null,
  };
  vendor.ledger.push(entry);
  const act = (): Answer => {
    const route = matchRoute(Object.keys(vendor.definition.routes), method, path);
    const handle = route && vendor.definition.routes[route.key];
    const query = new URLSearchParams(search);
    const call = { method, path, params: route?.params ?? {}, query, headers: request.headers, fields };
    return handle ? handle(call, vendor.state, vendor.assumptions) : vendor.definition.noRoute;
  };
  const answer = await disturb(vendor, entry, response, act);
  if (!answer) return;
  entry.status = answer.status;
  send(response, answer);
}

/** A field of the body as text; empty when there is none. */
export function field(call: Call, name: string): string {
  const value = call.fields[name];
  return typeof value === 'string' ? value : '';
}

/** The client's id and secret, from HTTP Basic (RFC 7617) or from the body (RFC 6749, section 2.3.1). */
export function clientOf(call: Call): { id: string; secret: string } {
  const [scheme = '', value = ''] = (call.headers.authorization ?? '').split(' ');
  if (scheme.toLowerCase() !== 'basic')
    return { id: field(call, 'client_id'), secret: field(call, 'client_secret') };
  const [id = '', secret = ''] = Buffer.from(value, 'base64').toString('utf8').split(':');
  return { id, secret };
}

/** Starts a simulated vendor on loopback. Port 0 takes any free port. */
export async function startVendor<State extends object, A extends Assumptions>(
  definition: VendorDefinition<State, A>,
  port = 0,
): Promise<Vendor> {
  const vendor = {
    definition,
    state: definition.seed(),
    ledger: [],
    faults: [],
    assumptions: { ...definition.assumptions },
  } as unknown as Running;
  const server = createServer((request, response) => {
    serve(vendor, request, response).catch((error: unknown) => {
      response.destroy(error as Error);
    });
  });
  const listen = (at: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject).listen(at, '127.0.0.1', resolve);
    });
  await listen(port);
  const { port: taken } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${taken}`;
  const reopen = (): Promise<void> => (server.listening ? Promise.resolve() : listen(taken));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { name: definition.name, url, close, reopen };
}
