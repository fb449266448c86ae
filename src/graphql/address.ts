import type { IncomingMessage } from 'node:http';
import type { Refusal } from './refusal.ts';

const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::\d{1,5})?$/i;

/** Exactly one well-formed Host (RFC 9112, section 3.2) that is on the list; a target that names no other host. */
export function refuseAddress(request: IncomingMessage, allowedHosts: readonly string[]): Refusal | null {
  const hosts = request.headersDistinct.host ?? [];
  const name = hosts.length === 1 ? HOST.exec(hosts[0]!)?.[1]?.toLowerCase() : undefined;
  if (name === undefined) return { status: 400, message: 'The Host header is missing or malformed.' };
  if (!allowedHosts.includes(name)) return { status: 421, message: 'This host is not served here.' };
  if (!request.url?.startsWith('/')) return { status: 400, message: 'The request target must be a path.' };
  return null;
}
