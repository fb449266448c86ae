import { sql } from 'kysely';

export const tokenRevocations = sql`
  create table token_revocation (
    id bigint generated always as identity primary key,
    jti text unique,
    subject text unique,
    revoked_at timestamptz not null,
    check ((jti is null) <> (subject is null))
  );

  alter table erasure
    add column requester_token_id text,
    add column requester_token_issued_at timestamptz,
    add column approver_token_id text,
    add column approver_token_issued_at timestamptz;
  update erasure set requester_token_issued_at = requested_at,
    approver_token_issued_at = case when approved_by is not null then requested_at end;
  alter table erasure alter column requester_token_issued_at set not null;

  alter table bulk_erasure
    add column requester_token_id text,
    add column requester_token_issued_at timestamptz,
    add column approver_token_id text,
    add column approver_token_issued_at timestamptz;
  update bulk_erasure set requester_token_issued_at = requested_at,
    approver_token_issued_at = case when decided_by is not null then requested_at end;
  alter table bulk_erasure alter column requester_token_issued_at set not null;
`;
