import { sql } from 'kysely';

/** Unlogged: it changes all the time, and after a crash of the database everyone may begin anew. */
export const callerLimits = sql`
  create unlogged table caller_limit (
    key text primary key,
    full_at timestamptz not null
  );
`;
