import { sql } from 'kysely';

export const imports = sql`
  create table rate_limit (
    integration_id text primary key,
    next_at timestamptz not null
  );

  alter table customer add column email_confirmed boolean not null default true;

  alter table link add column external_id text;
  create unique index link_external_id on link (integration_id, external_id);

  create table customer_import (
    id uuid primary key,
    integration_id text not null,
    state text not null,
    manager_id text references manager,
    test_customers boolean not null,
    requested_by text not null,
    requested_at timestamptz not null,
    cursor text,
    read integer not null default 0,
    created integer not null default 0,
    linked integer not null default 0,
    ambiguous integer not null default 0,
    skipped integer not null default 0,
    failures integer not null default 0,
    error_message text,
    finished_at timestamptz
  );
  create unique index customer_import_open on customer_import (integration_id) where finished_at is null;

  create table import_row (
    import_id uuid not null references customer_import,
    external_id text not null,
    email text,
    email_key text,
    result text,
    primary key (import_id, external_id)
  );
  create index import_row_email on import_row (import_id, email_key);
`;
