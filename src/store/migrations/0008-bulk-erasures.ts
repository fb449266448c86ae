import { sql } from 'kysely';

export const bulkErasures = sql`
  create table bulk_erasure (
    id uuid primary key,
    state text not null,
    reason text not null,
    filter jsonb,
    integration_ids jsonb,
    requested_by text not null,
    requester_role text not null,
    requester_manager text,
    requester_scopes jsonb not null,
    request_id text not null,
    requested_at timestamptz not null,
    idempotency_key text,
    input_hash text not null,
    approval_expires_at timestamptz,
    decided_by text,
    decision_reason text,
    paused_by text,
    pause_reason text,
    paused_at timestamptz,
    cancel_requested_by text,
    cancel_requester_role text,
    cancel_reason text,
    cancel_requested_at timestamptz,
    finished_at timestamptz,
    sequence integer not null default 1
  );
  create unique index bulk_erasure_idempotency on bulk_erasure (requested_by, idempotency_key);

  create table bulk_item (
    bulk_id uuid not null references bulk_erasure,
    customer_id uuid not null references customer,
    result text,
    code text,
    message text,
    erasure_id uuid references erasure,
    failures integer not null default 0,
    primary key (bulk_id, customer_id)
  );
  create index bulk_item_erasure on bulk_item (erasure_id);
`;
