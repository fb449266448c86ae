import { namesPrivateAddress, type Network } from '../outbound/connector.ts';
import type { Secret } from '../providers/secret.ts';

/** A receiver of events. */
export interface WebhookEndpoint {
  id: string;
  url: string;
  /** What its messages are signed with: `whsec_` and 24 to 64 bytes in base64. */
  secret: Secret;
  /** Event types it is told of, by name or as `erasure.*`; null: all. */
  types: readonly string[] | null;
  /** Where it may be; on the public Internet unless given. */
  network?: Network;
}

/** Whether an event type, such as `erasure.completed`, is meant by its name or by what it begins with: `erasure.*`. */
export const isMeant = (type: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) =>
    pattern.endsWith('.*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern,
  );

const SECRET = /^whsec_([A-Za-z0-9+/]+={0,2})$/;
const LEAST_KEY_BYTES = 24;
const MOST_KEY_BYTES = 64;

function isKey(secret: string): boolean {
  const base64 = SECRET.exec(secret)?.[1];
  if (base64 === undefined || base64.length % 4 !== 0) return false;
  const bytes = Buffer.from(base64, 'base64').length;
  return bytes >= LEAST_KEY_BYTES && bytes <= MOST_KEY_BYTES;
}

/** What is wrong with an endpoint, in one line each; none when it can be used. No line quotes the URL or the secret. */
export function faultsOfEndpoint(
  { id, url, secret, network = 'PUBLIC' }: WebhookEndpoint,
  allowHttp: boolean,
): string[] {
  const faults: string[] = [];
  const { protocol, username, password } = new URL(url);
  if (protocol !== 'https:' && !allowHttp)
    faults.push(`${id}: url must be https, or UNSAFE_ALLOW_HTTP_WEBHOOKS be true`);
  if (network === 'PUBLIC' && namesPrivateAddress(url))
    faults.push(`${id}: url names a private address; UNSAFE_ALLOW_PRIVATE_WEBHOOKS would allow it`);
  if (username || password) faults.push(`${id}: url must not carry a user name or a password`);
  if (secret.reveal() !== '' && !isKey(secret.reveal()))
    // an empty one is missing, which was said
    faults.push(`${id}: secret must be whsec_ and ${LEAST_KEY_BYTES} to ${MOST_KEY_BYTES} bytes in base64`);
  return faults;
}
