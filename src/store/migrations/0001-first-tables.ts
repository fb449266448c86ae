import { sql } from 'kysely';

export const firstTables = sql`
  create table manager (
    id text primary key,
    parent_id text references manager check (parent_id <> id),
    name text not null,
    created_at timestamptz not null default now()
  );
  create index manager_parent on manager (parent_id);

  create table customer (
    id uuid primary key,
    email text,
    email_key text unique,
    name text,
    manager_id text references manager,
    test_customer boolean not null default false,
    created_at timestamptz not null default now(),
    erased_at timestamptz
  );
  create index customer_manager on customer (manager_id, id);

  create table link (
    integration_id text not null,
    key_kind text not null,
    key text not null,
    customer_id uuid not null references customer,
    created_at timestamptz not null default now(),
    primary key (integration_id, key_kind, key)
  );
  create index link_customer on link (customer_id);

  create table erasure (
    id uuid primary key,
    customer_id uuid not null references customer,
    state text not null,
    everywhere boolean not null,
    reason text not null,
    requested_by text not null,
    requester_role text not null,
    requester_manager text,
    idempotency_key text,
    input_hash text not null,
    request_id text not null,
    requested_at timestamptz not null,
    irreversible_at timestamptz,
    cancel_requested_at timestamptz,
    finished_at timestamptz,
    sequence integer not null default 0
  );
  create unique index erasure_idempotency on erasure (requested_by, idempotency_key);
  create unique index erasure_open on erasure (customer_id) where finished_at is null;
  create index erasure_requested on erasure (requested_at desc, id desc);

  create table task (
    id uuid primary key,
    erasure_id uuid not null references erasure,
    integration_id text not null,
    provider text not null,
    position integer not null,
    rank integer not null,
    presence text not null,
    key jsonb not null,
    account jsonb,
    state text not null,
    claimed text,
    outcome text,
    verdict text,
    waiting_reason text,
    not_before timestamptz,
    next text not null,
    outcome_unknown boolean not null default false,
    looks integer not null default 0,
    failures integer not null default 0,
    error_code text,
    error_message text,
    provider_reason text,
    deleted_at timestamptz,
    finished_at timestamptz
  );
  create index task_erasure on task (erasure_id, position);

  create table attempt (
    task_id uuid not null references task,
    number integer not null,
    kind text not null,
    started_at timestamptz not null,
    finished_at timestamptz,
    result text,
    primary key (task_id, number)
  );

  create table audit_entry (
    id bigint generated always as identity primary key,
    at timestamptz not null,
    actor text not null,
    role text not null,
    action text not null,
    customer_id uuid,
    erasure_id uuid,
    sequence integer,
    integration_id text,
    reason text,
    request_id text,
    details jsonb not null,
    unique (erasure_id, sequence)
  );
  create index audit_entry_customer on audit_entry (customer_id, id);

  create function refuse_change() returns trigger language plpgsql as $$
  begin
    raise exception 'the audit log is append-only';
  end $$;
  create trigger audit_entry_append_only before update or delete on audit_entry
    for each row execute function refuse_change();
  create trigger audit_entry_no_truncate before truncate on audit_entry
    for each statement execute function refuse_change();
`;
