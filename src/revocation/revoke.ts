import { announce } from '../store/changes.ts';
import type { Tx } from '../store/store.ts';

/** Which tokens: the one with an id, or all that a subject was issued until now. */
export type Revoked = { jti: string; subject: null } | { jti: null; subject: string };

/** Who waits for this key learns that tokens were revoked. */
export const REVOCATIONS = 'token revocations';

/**
 * Writes down that tokens are not accepted any more, and tells every process. Two of these must not go on at the same
 * time, for readers rely on the order of the ids.
 */
export async function revoke(tx: Tx, { jti, subject }: Revoked, at: Date): Promise<Date> {
  const earlier = await tx
    .deleteFrom('token_revocation')
    .where(jti === null ? 'subject' : 'jti', '=', jti ?? subject)
    .returning('revoked_at')
    .executeTakeFirst();
  const revokedAt = earlier && earlier.revoked_at > at ? earlier.revoked_at : at;
  await tx.insertInto('token_revocation').values({ jti, subject, revoked_at: revokedAt }).execute();
  await announce(tx, REVOCATIONS);
  return revokedAt;
}
