import { EventEmitter } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import type { PGlite } from '@electric-sql/pglite';
import { PgliteStatements } from './pglite-statements.ts';

interface QueryResult {
  rows: unknown[];
  rowCount: number;
  fields: unknown[];
  command: string;
}

type Callback = (error: unknown, result?: QueryResult) => void;

const BREATHE_EVERY_MS = 10;

/** Frees the turn that was taken. */
type Release = () => void;

/**
 * The part of `pg.Pool` that DBOS and Kysely use, over one in-process PGlite. PGlite has a single session, so a client
 * holds it exclusively from BEGIN to COMMIT or ROLLBACK, and for one statement otherwise.
 */
export class PglitePool extends EventEmitter {
  readonly options = {};
  readonly totalCount = 1;
  readonly idleCount = 1;
  readonly waitingCount = 0;
  ended = false;
  readonly db: PGlite;
  readonly statements: PgliteStatements;
  readonly #unfinished = new Set<Promise<unknown>>();
  #lastTurn: Promise<void> = Promise.resolve();
  #breathedAt = 0;

  constructor(db: PGlite) {
    super();
    this.db = db;
    this.statements = new PgliteStatements(db);
  }

  takeTurn(): Promise<Release> {
    const previous = this.#lastTurn;
    let release!: Release;
    this.#lastTurn = previous.then(
      () =>
        new Promise<void>((resolve) => {
          release = resolve;
        }),
    );
    return previous.then(() => this.#breathe()).then(() => release);
  }

  /** Lets sockets and timers have their turn too: PGlite works in this thread and goes on in microtasks. */
  async #breathe(): Promise<void> {
    if (performance.now() - this.#breathedAt < BREATHE_EVERY_MS) return;
    await setImmediate();
    this.#breathedAt = performance.now();
  }

  connect(): Promise<PgliteClient>;
  connect(callback: (error: unknown, client: PgliteClient, done: () => void) => void): void;
  connect(
    callback?: (error: unknown, client: PgliteClient, done: () => void) => void,
  ): Promise<PgliteClient> | void {
    const client = new PgliteClient(this);
    if (!callback) return Promise.resolve(client);
    callback(null, client, () => client.release());
  }

  query(
    text: string | { text: string; values?: unknown[] },
    values?: unknown[] | Callback,
    callback?: Callback,
  ) {
    return new PgliteClient(this).query(text, values, callback);
  }

  /** Keeps what a released client still has to do, so that the database is not closed under it. */
  finishLater(work: Promise<unknown>): void {
    this.#unfinished.add(work);
    const done = (): void => void this.#unfinished.delete(work);
    work.then(done, done);
  }

  async end(): Promise<void> {
    this.ended = true;
    await Promise.all(this.#unfinished);
  }
}

/** The first keyword of a statement, past comments. */
function commandOf(text: string): string {
  return /^\s*(?:--.*\n\s*)*([a-z]+)/i.exec(text)?.[1]?.toUpperCase() ?? '';
}

/** What neither changes tables nor what a name in a statement stands for. */
const LEAVES_TABLES =
  /^(SELECT|WITH|INSERT|UPDATE|DELETE|BEGIN|START|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE)$/;

const endsTransaction = (command: string, text: string): boolean =>
  command === 'COMMIT' || command === 'END' || (command === 'ROLLBACK' && !/\bTO\b/i.test(text));

class PgliteClient extends EventEmitter {
  readonly processID = process.pid;
  readonly #pool: PglitePool;
  readonly #unlisten = new Map<string, () => Promise<void>>();
  #release: Release | undefined;

  constructor(pool: PglitePool) {
    super();
    this.#pool = pool;
  }

  query(
    query: string | { text: string; values?: unknown[] },
    values?: unknown[] | Callback,
    callback?: Callback,
  ): Promise<QueryResult> | void {
    const text = typeof query === 'string' ? query : query.text;
    const given = typeof values === 'function' ? undefined : values;
    const parameters = given ?? (typeof query === 'string' ? undefined : query.values) ?? [];
    const done = typeof values === 'function' ? values : callback;
    const result = this.#run(text, parameters);
    if (!done) return result;
    result.then((rows) => done(null, rows), done);
  }

  release(): void {
    for (const unlisten of this.#unlisten.values()) this.#pool.finishLater(unlisten());
    this.#unlisten.clear();
    const release = this.#release;
    if (!release) return;
    this.#release = undefined;
    this.#pool.finishLater(this.#pool.db.exec('ROLLBACK').finally(release));
  }

  end(): Promise<void> {
    this.release();
    return Promise.resolve();
  }

  async #run(text: string, values: unknown[]): Promise<QueryResult> {
    const command = commandOf(text);
    if (command === 'LISTEN' || command === 'UNLISTEN') return this.#listen(command, text);
    if ((command === 'BEGIN' || command === 'START') && !this.#release)
      this.#release = await this.#pool.takeTurn();
    const release = this.#release ? undefined : await this.#pool.takeTurn();
    try {
      return await this.#execute(command, text, values);
    } finally {
      release?.();
      if (endsTransaction(command, text)) {
        this.#release?.();
        this.#release = undefined;
      }
    }
  }

  async #execute(command: string, text: string, values: unknown[]): Promise<QueryResult> {
    const { db, statements } = this.#pool;
    const parameters = values.map((value) => (value instanceof Date ? value.toISOString() : value));
    const result =
      values.length === 0 ? (await db.exec(text)).at(-1) : await statements.run(text, parameters);
    if (!LEAVES_TABLES.test(command)) await statements.forget();
    const rows = result?.rows ?? [];
    const rowCount = Math.max(rows.length, result?.affectedRows ?? 0);
    return { rows, rowCount, fields: result?.fields ?? [], command };
  }

  async #listen(command: string, text: string): Promise<QueryResult> {
    const channel = text.trim().replace(/^\w+\s+"?|"?\s*;?$/g, '');
    if (command === 'LISTEN') {
      const forward = (payload: string): void => {
        this.emit('notification', { channel, payload, processId: 0 });
      };
      this.#unlisten.set(channel, await this.#pool.db.listen(channel, forward));
    } else {
      await this.#unlisten.get(channel)?.();
      this.#unlisten.delete(channel);
    }
    return { rows: [], rowCount: 0, fields: [], command };
  }
}
