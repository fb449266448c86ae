import { createDatabase, databaseName, dropDatabase } from '../support/postgres-databases.ts';
import { fill, type Stores } from './stores.ts';

/** Stores on the tests' PostgreSQL server, each a copy of one database. */
export async function databaseStores(): Promise<Stores> {
  const filled = await createDatabase();
  const customerId = await fill({ databaseUrl: filled });
  return {
    customerId,
    async spare() {
      const databaseUrl = await createDatabase(databaseName(filled));
      return { location: { databaseUrl }, discard: () => dropDatabase(databaseUrl) };
    },
    close: () => dropDatabase(filled),
  };
}
