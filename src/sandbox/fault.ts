import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Answer, LedgerEntry, Running } from './vendor.ts';

/**
 * A disturbance of the requests that match it.
 *
 * - `LATENCY`: answers after `ms`.
 * - `STATUS`: answers `status` with `body` or `text`, without acting.
 * - `STATUS_AFTER`: acts, then answers `status` with `body` or `text`.
 * - `RESET_BEFORE`, `RESET_AFTER`: cuts the connection before or after acting.
 * - `HANG`, `HANG_AFTER`: never answers, without or after acting.
 * - `STALL`: acts, sends the head of the answer and never its body.
 * - `GARBAGE`: acts, answers a body that is not JSON under a JSON content type.
 * - `WRONG_TYPE`: acts, answers the right status with an HTML page.
 * - `TRUNCATED`: acts, cuts the connection in the middle of the body.
 * - `SLOW_BODY`: acts, sends the body one byte every `ms`.
 * - `HUGE_BODY`: acts, answers without end.
 * - `GZIP_BOMB`: acts, answers a megabyte that unpacks to a gigabyte.
 * - `WRONG_LENGTH`: acts, announces half of the body that it sends.
 * - `RATE_LIMIT`: answers as the vendor does over its limit, without acting.
 * - `LIE`: answers as if it had acted, and changes nothing.
 */
export interface Fault {
  kind:
    | 'LATENCY'
    | 'STATUS'
    | 'STATUS_AFTER'
    | 'RESET_BEFORE'
    | 'RESET_AFTER'
    | 'HANG'
    | 'HANG_AFTER'
    | 'STALL'
    | 'GARBAGE'
    | 'WRONG_TYPE'
    | 'TRUNCATED'
    | 'SLOW_BODY'
    | 'HUGE_BODY'
    | 'GZIP_BOMB'
    | 'WRONG_LENGTH'
    | 'RATE_LIMIT'
    | 'LIE';
  /** Only requests of this method. */
  method?: string;
  /** Only requests whose raw path starts so. */
  path?: string;
  /** Only requests that come after one of this method. */
  since?: string;
  /** How many requests it meets before it is spent. Without it: all. */
  times?: number;
  /** How many matching requests it lets pass before it begins. */
  after?: number;
  ms?: number;
  /** In place of the answer's own, where the fault answers. */
  status?: number;
  body?: unknown;
  /** In place of `body`, as it is. */
  text?: string;
  /** Besides the answer's own, or in place of them. Lower case. */
  headers?: Record<string, string>;
  retryAfterSeconds?: number;
}

function instead({ status = 500, body = {}, text, headers = {} }: Fault): Answer {
  return text === undefined ? { status, json: body, headers } : { status, text, headers };
}

function changed({ status, headers }: Fault, answer: Answer): Answer {
  return { ...answer, status: status ?? answer.status, headers: { ...answer.headers, ...headers } };
}

const meets = ({ method, path, since, times }: Fault, entry: LedgerEntry, ledger: LedgerEntry[]): boolean =>
  (!method || method === entry.method) &&
  (!path || entry.path.startsWith(path)) &&
  (!since || ledger.some((earlier) => earlier !== entry && earlier.method === since)) &&
  times !== 0;

function take({ faults, ledger }: Running, entry: LedgerEntry): Fault | undefined {
  const fault = faults.find((one) => meets(one, entry, ledger));
  if (fault?.after) {
    fault.after--;
    return undefined;
  }
  if (fault?.times) fault.times--;
  return fault;
}

const HTML = {
  headers: { 'content-type': 'text/html' },
  text: '<html><body><h1>It works</h1></body></html>',
};

async function drip(response: ServerResponse, answer: Answer, ms: number): Promise<void> {
  response.writeHead(answer.status, { 'content-type': 'application/json' });
  for (const byte of JSON.stringify(answer.json ?? {})) {
    if (response.destroyed) return;
    response.write(byte);
    await sleep(ms, undefined, { ref: false });
  }
  response.end();
}

async function flood(response: ServerResponse, answer: Answer): Promise<void> {
  response.writeHead(answer.status, { 'content-type': 'application/json' });
  const chunk = Buffer.alloc(1 << 20, ' ');
  const closed = once(response, 'close');
  for (let i = 0; i < 512 && !response.destroyed; i++) {
    if (!response.write(chunk)) await Promise.race([closed, drained(response)]);
  }
  response.end();
}

const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    response.once('drain', resolve);
  });

const jsonOf = ({ json = {} }: Answer): Buffer => Buffer.from(JSON.stringify(json));

function stall(response: ServerResponse, answer: Answer): void {
  const length = jsonOf(answer).length;
  response.writeHead(answer.status, { 'content-type': 'application/json', 'content-length': length });
  response.flushHeaders();
}

function cutShort(response: ServerResponse, answer: Answer): void {
  const body = jsonOf(answer);
  const length = Math.floor(body.length / 2);
  response.writeHead(answer.status, { 'content-type': 'application/json', 'content-length': length });
  response.end(body);
}

/** JSON, and blanks after it: a gigabyte in pieces that each unpack to a megabyte. */
function bomb(response: ServerResponse, answer: Answer): void {
  const blanks = gzipSync(Buffer.alloc(1 << 20, ' '));
  const body = Buffer.concat([gzipSync(jsonOf(answer)), ...Array<Buffer>(1 << 10).fill(blanks)]);
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  response.writeHead(answer.status, headers).end(body);
}

function truncate(response: ServerResponse, answer: Answer): void {
  const body = jsonOf(answer);
  response.writeHead(answer.status, { 'content-type': 'application/json', 'content-length': body.length });
  response.write(body.subarray(0, Math.ceil(body.length / 2)), () => response.destroy());
}

/** Answers under the first fault that matches, or plainly. Null: the answer was sent, or never will be. */
export async function disturb(
  vendor: Running,
  entry: LedgerEntry,
  response: ServerResponse,
  act: () => Answer,
): Promise<Answer | null> {
  const fault = take(vendor, entry);
  if (!fault) return act();
  switch (fault.kind) {
    case 'LATENCY':
      await sleep(fault.ms ?? 0, undefined, { ref: false });
      return changed(fault, act());
    case 'STATUS':
      return instead(fault);
    case 'RATE_LIMIT':
      return vendor.definition.rateLimited(fault.retryAfterSeconds);
    case 'RESET_BEFORE':
      response.destroy();
      return null;
    case 'HANG':
      return null;
    case 'LIE': {
      const before = structuredClone(vendor.state);
      const answer = act();
      vendor.state = before;
      return answer;
    }
    default:
      return disturbAnswer(fault, response, changed(fault, act()));
  }
}

async function disturbAnswer(fault: Fault, response: ServerResponse, answer: Answer): Promise<Answer | null> {
  switch (fault.kind) {
    case 'STATUS_AFTER':
      return instead(fault);
    case 'RESET_AFTER':
      response.destroy();
      return null;
    case 'GARBAGE':
      return { status: answer.status, headers: { 'content-type': 'application/json' }, text: '{"ok": tru' };
    case 'WRONG_TYPE':
      return { status: answer.status, ...HTML };
    case 'TRUNCATED':
      truncate(response, answer);
      return null;
    case 'SLOW_BODY':
      await drip(response, answer, fault.ms ?? 50);
      return null;
    case 'HUGE_BODY':
      await flood(response, answer);
      return null;
    case 'GZIP_BOMB':
      bomb(response, answer);
      return null;
    case 'WRONG_LENGTH':
      cutShort(response, answer);
      return null;
    case 'STALL':
      stall(response, answer);
      return null;
    default:
      return null;
  }
}
