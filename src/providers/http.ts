import { Pool, errors, type Dispatcher } from 'undici';
import { connector, PrivateAddressError, type Network } from '../outbound/connector.ts';
import { ProviderError, type ProviderErrorCode } from './error.ts';
import { exchange } from './exchange.ts';
import { openGate, type Gate } from './gate.ts';
import { segment, UnsafeSegmentError } from './segment.ts';

/** One call of a provider's API. */
export interface HttpCall {
  /** What is being done, in words, for messages: `find`, `delete`, `token`. */
  operation: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Unencoded path segments, below the base URL's own path. */
  path: readonly string[];
  query?: Record<string, string | number>;
  headers?: Record<string, string>;
  form?: Record<string, string>;
  json?: unknown;
  signal: AbortSignal;
}

/** An answer of any status. */
export interface HttpAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** Parsed JSON; the text itself where it is not JSON; undefined where there is none. */
  body: unknown;
}

/** The one way of an adapter to its provider: one pool to one origin. */
export interface Http {
  readonly provider: string;
  readonly gate: Gate;
  /** @throws {ProviderError} when no usable answer came: `UNAVAILABLE`, `OUTCOME_UNKNOWN`, `INVALID`, `UNEXPECTED_RESPONSE`. */
  request(call: HttpCall): Promise<HttpAnswer>;
  close(): Promise<void>;
}

const MAX_RESPONSE_BYTES = 16 * 1024 * 1024;

/** A URIError comes of text that is not well-formed in a query. */
const UNSENDABLE = [UnsafeSegmentError, errors.InvalidArgumentError, URIError];

const NOTHING_WAS_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'EPRIVATEADDRESS',
]);

function bodyOf(call: HttpCall): { body?: string; contentType?: string } {
  if (call.form) {
    return {
      body: new URLSearchParams(call.form).toString(),
      contentType: 'application/x-www-form-urlencoded',
    };
  }
  if (call.json !== undefined) return { body: JSON.stringify(call.json), contentType: 'application/json' };
  return {};
}

/** JSON where it is JSON: some vendors label a bare `success` as JSON, and some send JSON as text. */
function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Whether what the call asked for may have happened although no answer came. */
const changes = (call: HttpCall): boolean => call.method !== 'GET';

function transportCode(error: unknown, call: HttpCall): ProviderErrorCode {
  if (UNSENDABLE.some((kind) => error instanceof kind)) return 'INVALID';
  if (error instanceof errors.ResponseExceededMaxSizeError) return 'UNEXPECTED_RESPONSE';
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  return changes(call) && !NOTHING_WAS_SENT.has(code) ? 'OUTCOME_UNKNOWN' : 'UNAVAILABLE';
}

/** What an operator is told of a call that was never sent. */
const reasonOf = (cause: unknown): string | undefined =>
  cause instanceof UnsafeSegmentError || cause instanceof PrivateAddressError ? cause.message : undefined;

/** Opens the way to `baseUrl`. Redirects are not followed and nothing is sent twice. */
export function openHttp(provider: string, baseUrl: string, network: Network, gate: Gate = openGate): Http {
  const { origin, pathname } = new URL(baseUrl);
  const prefix = pathname.replace(/\/+$/, '');
  const pool = new Pool(origin, {
    connections: 16,
    maxResponseSize: MAX_RESPONSE_BYTES,
    connect: connector(network),
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  async function send(call: HttpCall): Promise<HttpAnswer> {
    const { body, contentType } = bodyOf(call);
    const options: Dispatcher.DispatchOptions = {
      method: call.method,
      path: `${prefix}/${call.path.map(segment).join('/')}`,
      headers: {
        accept: 'application/json',
        ...(contentType && { 'content-type': contentType }),
        ...call.headers,
      },
    };
    if (call.query) options.query = call.query;
    if (body !== undefined) options.body = body;
    const { status, headers, text } = await exchange(pool, options, call.signal);
    return { status, headers, body: parse(text) };
  }

  return {
    provider,
    gate,
    close: () => pool.destroy(),
    async request(call) {
      const { operation, signal } = call;
      if (signal.aborted)
        throw new ProviderError('UNAVAILABLE', { provider, operation, cause: signal.reason });
      try {
        return await send(call);
      } catch (cause) {
        const reason = reasonOf(cause);
        throw new ProviderError(transportCode(cause, call), { provider, operation, reason, cause });
      }
    },
  };
}
