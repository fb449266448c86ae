import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  await client.query(statement);
  await client.end();
}

/** Makes a database on the tests' server, empty or a copy of another that nobody uses. Returns its URL. */
export async function createDatabase(original = 'template1'): Promise<string> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await administer(`create database ${name} template ${original}`);
  return new URL(name, inject('postgresUrl')).href;
}

/** The name of the database that a URL leads to. */
export const databaseName = (url: string): string => new URL(url).pathname.slice(1);

/** Drops a database, with whoever is connected. */
export const dropDatabase = (url: string): Promise<void> =>
  administer(`drop database ${databaseName(url)} with (force)`);
