import { createHash } from 'node:crypto';
import { canonical } from './canonical.ts';

/** What an entry says. All but the actor, the customer and the reason stands in its leaf as it is. */
export interface LeafContent {
  /** ISO 8601 in UTC, with milliseconds. */
  at: string;
  actor: string;
  role: string;
  action: string;
  customerId: string | null;
  erasureId: string | null;
  sequence: number | null;
  integrationId: string | null;
  reason: string | null;
  requestId: string | null;
  /** As JSON gives it back. */
  details: unknown;
}

/** Random bytes before each text that is committed to; without them nobody can try out what it was. */
export const SALT_LENGTH = 16;

/** SHA-256, in hexadecimal, over the salt and the text with its name. */
function commitment(salt: Uint8Array, name: string, text: string | null): string | null {
  return text === null ? null : createHash('sha256').update(salt).update(`${name}:${text}`).digest('hex');
}

/** What stands in a leaf for the customer and the reason. It outlives their salt. */
export interface Commitments {
  customer: string | null;
  reason: string | null;
}

export const commitmentsOf = (
  { customerId, reason }: Pick<LeafContent, 'customerId' | 'reason'>,
  salt: Uint8Array,
): Commitments => ({
  customer: commitment(salt, 'customer', customerId),
  reason: commitment(salt, 'reason', reason),
});

/** The text of an entry that is hashed into the tree: canonical JSON (RFC 8785). It names nobody. */
export function leafText(
  content: Omit<LeafContent, 'customerId' | 'reason'>,
  actorSalt: Uint8Array,
  commitments: Commitments,
): string {
  const { at, role, action, erasureId, sequence, integrationId, requestId, details } = content;
  const actor = commitment(actorSalt, 'actor', content.actor);
  const plain = { at, role, action, erasureId, sequence, integrationId, requestId, details };
  return canonical({ ...plain, actor, ...commitments });
}
