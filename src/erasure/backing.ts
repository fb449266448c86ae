import type { TokenIdentity } from '../access/viewer.ts';

/** What is stored of the tokens that something was asked for and approved with. */
interface BackingColumns {
  requester_token_id: string | null;
  requester_token_issued_at: Date;
  approver_token_id: string | null;
  approver_token_issued_at: Date | null;
}

/** The token that something was asked for with. */
export const requesterToken = (subject: string, row: BackingColumns): TokenIdentity => ({
  subject,
  tokenId: row.requester_token_id,
  issuedAt: row.requester_token_issued_at,
});

/** The token that something was approved with; null where it was not, or not had to be. */
export function approverToken(subject: string | null, row: BackingColumns): TokenIdentity | null {
  const { approver_token_id: tokenId, approver_token_issued_at: issuedAt } = row;
  return subject === null || issuedAt === null ? null : { subject, tokenId, issuedAt };
}

/** What is stored of the token that somebody asks with. */
export const requesterColumns = ({ tokenId, issuedAt }: TokenIdentity) => ({
  requester_token_id: tokenId,
  requester_token_issued_at: issuedAt,
});

/** What is stored of the token that somebody approves with. */
export const approverColumns = (token: TokenIdentity | null) => ({
  approver_token_id: token?.tokenId ?? null,
  approver_token_issued_at: token?.issuedAt ?? null,
});
