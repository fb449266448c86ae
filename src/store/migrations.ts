import type { Kysely, Migration, RawBuilder } from 'kysely';
import { firstTables } from './migrations/0001-first-tables.ts';
import { imports } from './migrations/0002-imports.ts';
import { holdsAndPause } from './migrations/0003-holds-and-pause.ts';
import { bulkErasures } from './migrations/0008-bulk-erasures.ts';

const up = (statements: RawBuilder<unknown>): Migration => ({
  up: async (db: Kysely<unknown>) => void (await statements.execute(db)),
});

/** Every change of the database, in order. Forward only: a released migration is never edited. */
export const migrations: Record<string, Migration> = {
  '0001': up(firstTables),
  '0002': up(imports),
  '0003': up(holdsAndPause),
  '0008': up(bulkErasures),
};
