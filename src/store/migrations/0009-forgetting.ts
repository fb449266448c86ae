import { sql } from 'kysely';

export const forgetting = sql`
  alter table task alter column key drop not null;

  update erasure set idempotency_key = encode(sha256(convert_to(idempotency_key, 'UTF8')), 'hex')
    where idempotency_key is not null;

  create table fingerprint_key (
    singleton boolean primary key default true check (singleton),
    mark bytea not null
  );

  create table fingerprint (
    hash bytea not null,
    kind text not null,
    integration_id text,
    customer_id uuid not null references customer,
    erasure_id uuid not null references erasure,
    created_at timestamptz not null,
    primary key (hash, erasure_id)
  );

  create table sweep (
    singleton boolean primary key default true check (singleton),
    round integer not null,
    round_ended_at timestamptz not null
  );

  create table sweep_position (
    integration_id text primary key,
    round integer not null,
    cursor text,
    pages integer not null default 0,
    failures integer not null default 0,
    not_before timestamptz,
    ended boolean not null default false,
    swept_at timestamptz
  );

  create table reappearance (
    id uuid primary key,
    integration_id text not null,
    account bytea not null,
    external_id text,
    matched_by text not null,
    customer_id uuid not null references customer,
    erasure_id uuid not null references erasure,
    first_seen_at timestamptz not null,
    registered_as uuid,
    resolved_at timestamptz,
    resolution text,
    new_erasure_id uuid references erasure,
    unique (account, erasure_id)
  );
`;
