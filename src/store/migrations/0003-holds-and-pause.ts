import { sql } from 'kysely';

export const holdsAndPause = sql`
  create table hold (
    id uuid primary key,
    customer_id uuid not null references customer,
    ground text not null,
    placed_by text not null,
    placed_at timestamptz not null,
    released_by text,
    released_at timestamptz
  );
  create index hold_standing on hold (customer_id) where released_at is null;

  create table pause (
    singleton boolean primary key default true check (singleton),
    reason text not null,
    paused_by text not null,
    paused_at timestamptz not null
  );
`;
