import { sql } from 'kysely';

export const webhooks = sql`
  create table webhook_delivery (
    id bigint generated always as identity primary key,
    endpoint_id text not null,
    event_id text not null,
    type text not null,
    body text not null,
    state text not null,
    round integer not null default 0,
    attempts integer not null default 0,
    next_at timestamptz,
    last_status integer,
    last_error text,
    created_at timestamptz not null,
    finished_at timestamptz,
    unique (endpoint_id, event_id)
  );
  create index webhook_delivery_state on webhook_delivery (state, id);
  create index webhook_delivery_finished on webhook_delivery (finished_at) where finished_at is not null;

  create index audit_entry_cap_reached on audit_entry (at) where action = 'cap.reached';
`;
