import { PGlite } from '@electric-sql/pglite';
import { Kysely, Migrator, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import { Changes } from './changes.ts';
import { lockFolder } from './folder-lock.ts';
import { migrations } from './migrations.ts';
import { PglitePool } from './pglite-pool.ts';
import type { Database } from './schema.ts';
import { Writes } from './writes.ts';

/** Where the store lives: a PostgreSQL server, or a folder for one process. */
export type StoreLocation = { databaseUrl: string } | { folder: string } | { snapshot: Blob };

/** An open transaction on the store. */
export type Tx = Transaction<Database>;

/** The gateway's database. PostgreSQL and the embedded one are the same to everyone above. */
export interface Store {
  db: Kysely<Database>;
  /** The pool that the workflow engine shares. */
  pool: pg.Pool;
  /** One process owns the store. */
  embedded: boolean;
  changes: Changes;
  /** Tells whether a copy of customers, their links and managers is still what is there. */
  customerWrites: Writes;
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const BIGINT = 20;
const MAX_CLIENTS = 20;

/** PGlite gives a bigint as a number; so must PostgreSQL, whose driver gives a string. */
const types = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === BIGINT
      ? Number
      : (pg.types.getTypeParser as (oid: number, format?: string) => unknown)(oid, format)) as never,
};

interface OpenPool {
  pool: pg.Pool;
  close(): Promise<void>;
}

function openServer(connectionString: string): OpenPool {
  const pool = new pg.Pool({ connectionString, max: MAX_CLIENTS, types });
  pool.on('error', () => {
    // An idle connection broke: the pool has dropped it, and the next query opens another.
  });
  return { pool, close: () => pool.end() };
}

async function openFolder(folder: string): Promise<OpenPool> {
  const unlock = lockFolder(folder);
  const db = await PGlite.create(`${folder}/pg`).catch((error: unknown) => {
    unlock();
    throw error;
  });
  return openPglite(db, unlock);
}

/** Nothing tells PGlite that a table has grown, so a plan that was made while it was empty must not be kept. */
const PLAN_ANEW = "set plan_cache_mode = 'force_custom_plan'";

async function openPglite(db: PGlite, unlock: () => void): Promise<OpenPool> {
  await db.exec(PLAN_ANEW);
  const pool = new PglitePool(db);
  const close = async (): Promise<void> => {
    await pool.end();
    await db.close();
    unlock();
  };
  return { pool: pool as unknown as pg.Pool, close };
}

function openPool(location: StoreLocation): OpenPool | Promise<OpenPool> {
  if ('databaseUrl' in location) return openServer(location.databaseUrl);
  if ('folder' in location) return openFolder(location.folder);
  return PGlite.create({ loadDataDir: location.snapshot }).then((db) => openPglite(db, () => {}));
}

async function migrate(db: Kysely<Database>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(migrations) } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw new Error('the database could not be migrated', { cause: error });
}

/** Opens the store and brings its tables up to date. */
export async function openStore(location: StoreLocation): Promise<Store> {
  const { pool, close } = await openPool(location);
  try {
    const customerWrites = new Writes(['customer', 'link', 'manager']);
    const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }), plugins: [customerWrites] });
    await migrate(db);
    const changes = new Changes(pool);
    const embedded = !('databaseUrl' in location);
    changes.act('customers', () => customerWrites.changed());
    await changes.listen();
    if (!embedded) void changes.listenForEchoes();
    return {
      db,
      pool,
      embedded,
      changes,
      customerWrites,
      transaction: (work) => customerWrites.during(() => db.transaction().execute(work)),
      async close() {
        changes.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
