import { lookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { buildConnector } from 'undici';

/** Which hosts may be connected to: those of the public Internet, or any. */
export type Network = 'PUBLIC' | 'ANY';

const CONNECT_TIMEOUT_MS = 5_000;

/** A host that leads to an address that is not of the public Internet. */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';
  readonly code = 'EPRIVATEADDRESS';

  constructor() {
    super('the host leads to an address that is not of the public Internet');
  }
}

/**
 * Whether an IP address is of the public Internet: no loopback, private, link-local, multicast, documentation or
 * reserved one, and none that stands for another address (special-purpose registries of IANA, RFC 6890). An IPv4
 * address that is written as IPv6 is judged as what it is.
 */
export const isPublic = (address: string): boolean => ipaddr.process(address).range() === 'unicast';

type Answer = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/** Looks a host up for the connection that is made next, so that no later answer of the name server can differ. */
function lookupPublic(host: string, options: LookupOptions, answer: Answer): void {
  lookup(host, { ...options, all: true }, (error, found) => {
    if (error) return answer(error, []);
    if (!found.every(({ address }) => isPublic(address))) return answer(new PrivateAddressError(), []);
    if (options.all) return answer(null, found);
    answer(null, found[0]!.address, found[0]!.family);
  });
}

/** How a pool connects. */
export function connector(network: Network): buildConnector.connector {
  if (network === 'ANY') return buildConnector({ timeout: CONNECT_TIMEOUT_MS });
  const connect = buildConnector({ timeout: CONNECT_TIMEOUT_MS, lookup: lookupPublic });
  return (options, callback) => {
    if (isIP(options.hostname) && !isPublic(options.hostname)) callback(new PrivateAddressError(), null);
    else connect(options, callback);
  };
}

/** Whether a URL names a host by an address that is not public, which no connection will be made to. */
export function namesPrivateAddress(url: string): boolean {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  return host === 'localhost' || (isIP(host) !== 0 && !isPublic(host));
}
