import { CLOCK_LEEWAY_SECONDS } from '../access/leeway.ts';
import type { TokenIdentity } from '../access/viewer.ts';
import type { Store } from '../store/store.ts';

/** Whether one of these tokens was revoked, however long ago: what they were used to ask for may outlive them. */
export async function anyRevoked(
  db: Pick<Store['db'], 'selectFrom'>,
  tokens: readonly (TokenIdentity | null)[],
): Promise<boolean> {
  const row = await db
    .selectFrom('token_revocation')
    .select('id')
    .where((eb) =>
      eb.or(
        tokens.flatMap((token) => {
          if (!token) return [];
          const { subject, tokenId, issuedAt } = token;
          const since = new Date(issuedAt.getTime() - CLOCK_LEEWAY_SECONDS * 1000);
          const bySubject = eb.and([eb('subject', '=', subject), eb('revoked_at', '>=', since)]);
          return tokenId === null ? [bySubject] : [bySubject, eb('jti', '=', tokenId)];
        }),
      ),
    )
    .executeTakeFirst();
  return row !== undefined;
}
