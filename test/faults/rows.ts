import type { VendorName } from '../../src/commands/launch-sandbox.ts';
import type { Fault } from '../../src/sandbox/fault.ts';
import { ELSEWHERE } from './elsewhere.ts';
import type { End } from './end.ts';

/** How it ends everywhere, or at most vendors and differently at some. */
export type Ends = End | ({ else: End } & Partial<Record<VendorName, End>>);

/** A way in which a vendor answers, or does not, and what must come of it, by when it strikes. */
export interface Row {
  name: string;
  fault: Omit<Fault, 'method' | 'path' | 'since' | 'times' | 'after'>;
  /** Nothing ends it but the gateway's own deadline. */
  hangs?: true;
  /** It meets the first delete, or each of them. */
  delete: { once?: Ends; always?: Ends };
  /** It meets the first delete of a vendor that cannot be asked about an account. */
  blind?: End;
  /** It meets the look before the delete, the first or each of them. */
  look?: { once?: Ends; always?: Ends };
  /** It meets the look after the delete, the first or each of them. */
  verification?: { once?: Ends; always?: Ends };
}

const TRIED_IN_VAIN = { once: 'DELETED', always: 'STILL_THERE' } as const;
const LOST = { always: 'INFERRED' } as const;
const LOST_ONCE = { once: 'INFERRED' } as const;
const PASSES = { once: 'DELETED' } as const;
const UNVERIFIED = { always: 'UNVERIFIED' } as const;
const UNREACHABLE = { always: 'UNAVAILABLE' } as const;
const UNREADABLE = { always: 'UNEXPECTED_RESPONSE' } as const;

const HTML = {
  text: '<!doctype html><title>Sign in</title>',
  headers: { 'content-type': 'text/html; charset=utf-8' },
};
const REDIRECT = { text: '', headers: { location: `${ELSEWHERE}/signin` } };
/** OneLogin names its time in a header of its own. */
const TOO_MANY = { body: { message: 'Too many requests' }, headers: { 'x-ratelimit-reset': '1' } };

/** At vendors with tokens, a refused one is renewed; the others have nothing to renew. */
const RENEWED = { else: 'DELETED', engagelab: 'UNAUTHENTICATED', vpn: 'UNAUTHENTICATED' } as const;
/** Two vendors answer a delete with nothing, so nothing is what they are believed. */
const NOTHING_SAID = { else: 'DELETED', learn: 'STILL_THERE', onelogin: 'STILL_THERE' } as const;

/** One row a fault. */
export const ROWS: readonly Row[] = [
  {
    name: 'the connection is cut before it has acted',
    fault: { kind: 'RESET_BEFORE' },
    delete: TRIED_IN_VAIN,
    blind: 'REVIEW',
    look: { ...PASSES, ...UNREACHABLE },
    verification: { ...PASSES, ...UNVERIFIED },
  },
  {
    name: 'the connection is cut after it has acted',
    fault: { kind: 'RESET_AFTER' },
    delete: LOST,
    blind: 'REVIEW',
    look: UNREACHABLE,
    verification: UNVERIFIED,
  },
  {
    name: 'no answer, and nothing was done',
    fault: { kind: 'HANG' },
    hangs: true,
    delete: TRIED_IN_VAIN,
    look: PASSES,
    verification: PASSES,
  },
  {
    name: 'no answer, though it was done',
    fault: { kind: 'HANG_AFTER' },
    hangs: true,
    delete: LOST_ONCE,
    blind: 'REVIEW',
  },
  {
    name: 'the head of an answer, and no body',
    fault: { kind: 'STALL', status: 200 },
    hangs: true,
    delete: LOST_ONCE,
    look: PASSES,
    verification: PASSES,
  },
  {
    name: 'a body that comes byte by byte',
    fault: { kind: 'SLOW_BODY', status: 200, ms: 2_000 },
    hangs: true,
    delete: LOST_ONCE,
    look: PASSES,
    verification: PASSES,
  },
  {
    name: 'a body that breaks off',
    fault: { kind: 'TRUNCATED', status: 200 },
    delete: LOST,
    blind: 'REVIEW',
    look: UNREACHABLE,
    verification: UNVERIFIED,
  },
  {
    name: 'more of a body than it announced',
    fault: { kind: 'WRONG_LENGTH', status: 200 },
    delete: LOST,
    look: UNREADABLE,
    verification: UNVERIFIED,
  },
  {
    name: 'a body without end',
    fault: { kind: 'HUGE_BODY', status: 200 },
    delete: LOST_ONCE,
    look: PASSES,
    verification: PASSES,
  },
  {
    name: 'a body that unpacks to a gigabyte',
    fault: { kind: 'GZIP_BOMB', status: 200 },
    delete: LOST,
    look: UNREADABLE,
    verification: UNVERIFIED,
  },
  {
    name: 'half of a JSON document',
    fault: { kind: 'GARBAGE', status: 200 },
    delete: LOST,
    look: UNREADABLE,
    verification: UNVERIFIED,
  },
  {
    name: '500',
    fault: { kind: 'STATUS', status: 500 },
    delete: TRIED_IN_VAIN,
    blind: 'REVIEW',
    look: UNREACHABLE,
    verification: UNVERIFIED,
  },
  {
    name: '500 after it has acted',
    fault: { kind: 'STATUS_AFTER', status: 500 },
    delete: LOST,
    blind: 'REVIEW',
  },
  { name: '502', fault: { kind: 'STATUS', status: 502, ...HTML }, delete: TRIED_IN_VAIN },
  { name: '502 after it has acted', fault: { kind: 'STATUS_AFTER', status: 502, ...HTML }, delete: LOST },
  {
    name: '503',
    fault: { kind: 'STATUS', status: 503 },
    delete: { once: 'DELETED', always: 'UNAVAILABLE' },
    blind: 'UNVERIFIED',
    look: UNREACHABLE,
    verification: UNVERIFIED,
  },
  {
    name: '503 after it has acted',
    fault: { kind: 'STATUS_AFTER', status: 503 },
    delete: { always: 'ABSENT' },
  },
  { name: '504', fault: { kind: 'STATUS', status: 504, text: '' }, delete: TRIED_IN_VAIN },
  { name: '504 after it has acted', fault: { kind: 'STATUS_AFTER', status: 504, text: '' }, delete: LOST },
  { name: '408', fault: { kind: 'STATUS', status: 408, text: '' }, delete: TRIED_IN_VAIN, look: UNREACHABLE },
  {
    name: '429 with a time to come back',
    fault: { kind: 'STATUS', status: 429, headers: { 'retry-after': '1' } },
    delete: PASSES,
    blind: 'UNVERIFIED',
    look: PASSES,
    verification: PASSES,
  },
  {
    name: '429 without a time to come back',
    fault: { kind: 'STATUS', status: 429, ...TOO_MANY },
    delete: PASSES,
  },
  {
    name: '401 in the middle of a run',
    fault: { kind: 'STATUS', status: 401 },
    delete: { once: RENEWED, always: 'UNAUTHENTICATED' },
    blind: 'UNAUTHENTICATED',
    look: { once: RENEWED, always: 'UNAUTHENTICATED' },
    verification: PASSES,
  },
  {
    name: 'a page of HTML, and nothing was done',
    fault: { kind: 'STATUS', status: 200, ...HTML },
    delete: TRIED_IN_VAIN,
    look: UNREADABLE,
    verification: UNVERIFIED,
  },
  {
    name: 'a page of HTML, though it was done',
    fault: { kind: 'WRONG_TYPE', status: 200 },
    delete: LOST,
    blind: 'REVIEW',
  },
  {
    name: '200 with success: false',
    fault: { kind: 'STATUS', status: 200, body: { success: false, message: 'not now' } },
    delete: TRIED_IN_VAIN,
    blind: 'REVIEW',
    look: UNREADABLE,
    verification: UNVERIFIED,
  },
  {
    name: '200 with an error in its body',
    fault: { kind: 'STATUS', status: 200, body: { error: { code: 500, message: 'internal error' } } },
    delete: TRIED_IN_VAIN,
    look: UNREADABLE,
    verification: UNVERIFIED,
  },
  {
    name: '204, and nothing was done',
    fault: { kind: 'STATUS', status: 204, text: '' },
    delete: { once: NOTHING_SAID, always: 'STILL_THERE' },
    look: UNREADABLE,
    verification: UNVERIFIED,
  },
  {
    name: '204, and it was done',
    fault: { kind: 'STATUS_AFTER', status: 204, text: '' },
    delete: { always: { else: 'INFERRED', learn: 'DELETED', onelogin: 'DELETED' } },
    blind: 'REVIEW',
  },
  {
    name: 'a redirect to another host',
    fault: { kind: 'STATUS', status: 302, ...REDIRECT },
    delete: TRIED_IN_VAIN,
    look: UNREADABLE,
    verification: UNVERIFIED,
  },
  {
    name: 'a redirect to another host that keeps the method',
    fault: { kind: 'STATUS_AFTER', status: 307, ...REDIRECT },
    delete: LOST,
    blind: 'REVIEW',
  },
  { name: 'success, though nothing was done', fault: { kind: 'LIE' }, delete: { once: 'STILL_THERE' } },
];
