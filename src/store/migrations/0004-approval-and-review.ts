import { sql } from 'kysely';

export const approvalAndReview = sql`
  alter table erasure
    add column integration_ids jsonb,
    add column plan_hash text,
    add column scheduled_for timestamptz,
    add column suspends boolean not null default false,
    add column approval_expires_at timestamptz,
    add column approved_by text,
    add column approved_at timestamptz,
    add column denied_at timestamptz,
    add column run integer not null default 1;

  alter table task
    add column looked_at timestamptz,
    add column suspended boolean not null default false,
    add column doubted jsonb,
    add column resolution text,
    add column resolved_by text,
    add column resolution_reason text;
`;
