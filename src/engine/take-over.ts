import { DBOS } from '@dbos-inc/dbos-sdk';
import type { Pool, PoolClient } from 'pg';
import type { Logger } from 'pino';
import { every } from './every.ts';

const SWEEP_MS = 1_000;
const LOCK = `hashtextextended('customer-gateway executor ' || $1, 0)`;

/** Takes or tries a session lock that stands for the life of an executor: PostgreSQL frees it when its process dies. */
async function lock(client: PoolClient, call: string, executorId: string): Promise<boolean> {
  const { rows } = await client.query<{ got: unknown }>(`select ${call}(${LOCK}) as got`, [executorId]);
  return rows[0]?.got !== false;
}

/** Goes on with the work whose executor is gone. Returns how many. */
async function sweep(client: PoolClient, self: string): Promise<number> {
  const pending = (
    await DBOS.listWorkflows({ status: 'PENDING', loadInput: false, loadOutput: false })
  ).filter(({ executorId }) => executorId !== self);
  let taken = 0;
  for (const executorId of new Set(pending.map((workflow) => workflow.executorId!))) {
    if (!(await lock(client, 'pg_try_advisory_lock', executorId))) continue;
    const ids = pending
      .filter((workflow) => workflow.executorId === executorId)
      .map(({ workflowID }) => workflowID);
    await DBOS.resumeWorkflows(ids);
    await lock(client, 'pg_advisory_unlock', executorId);
    taken += ids.length;
  }
  return taken;
}

/** A connection that holds the lock of an executor's life, opened again when it breaks. */
class Life {
  readonly #pool: Pool;
  readonly #executorId: string;
  #client: PoolClient | undefined;

  constructor(pool: Pool, executorId: string) {
    this.#pool = pool;
    this.#executorId = executorId;
  }

  async connection(): Promise<PoolClient> {
    if (this.#client) return this.#client;
    const client = await this.#pool.connect();
    this.#client = client;
    client.once('error', () => this.end());
    await lock(client, 'pg_advisory_lock', this.#executorId);
    return client;
  }

  end(): void {
    this.#client?.release(true);
    this.#client = undefined;
  }
}

/**
 * Watches the other processes on the same PostgreSQL. DBOS recovers the work of its own executor id only, and an id
 * that was used twice would have a restarted process steal live work; so each process has an id of its own, holds a
 * lock by that name, and takes over from ids whose lock is free.
 */
export async function startTakeOver(
  pool: Pool,
  log: Logger,
  self: string,
): Promise<{ stop(): Promise<void> }> {
  const life = new Life(pool, self);
  await life.connection();
  const look = async (): Promise<void> => {
    try {
      const taken = await sweep(await life.connection(), self);
      if (taken > 0) log.info({ taken }, 'took over the work of a process that is gone');
    } catch (err) {
      life.end();
      log.error({ err }, 'looking for the work of gone processes failed');
    }
  };
  const looks = every(SWEEP_MS, look);
  return {
    async stop() {
      await looks.stop();
      life.end();
    },
  };
}
