import { sql } from 'kysely';

export const receipts = sql`
  create table receipt (
    id text primary key,
    erasure_id uuid not null references erasure,
    number integer not null,
    body text not null,
    digest text not null,
    jws text,
    signed_at timestamptz,
    unique (erasure_id, number)
  );

  update erasure set integration_ids = coalesce(
    (select jsonb_agg(distinct integration_id) from task where erasure_id = erasure.id), '[]'
  ) where not everywhere;
`;
