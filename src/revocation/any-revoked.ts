import type { ExpressionBuilder } from 'kysely';
import { CLOCK_LEEWAY_SECONDS } from '../access/leeway.ts';
import type { TokenIdentity } from '../access/viewer.ts';
import type { Database } from '../store/schema.ts';
import type { Store } from '../store/store.ts';

/** Revocations of some tokens, however long ago: what they were used to ask for may outlive them. */
export function revocationsOf(
  db: Pick<ExpressionBuilder<Database, never>, 'selectFrom'>,
  tokens: readonly (TokenIdentity | null)[],
) {
  return db
    .selectFrom('token_revocation')
    .select('token_revocation.id')
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
    .limit(1);
}

/** Whether one of these tokens was revoked. */
export async function anyRevoked(
  db: Store['db'],
  tokens: readonly (TokenIdentity | null)[],
): Promise<boolean> {
  return (await revocationsOf(db, tokens).executeTakeFirst()) !== undefined;
}
