import { DBOS } from '@dbos-inc/dbos-sdk';
import type { PoolClient } from 'pg';
import type { ErasureContext } from './context.ts';

const SWEEP_MS = 1_000;
const LOCK = `hashtextextended('customer-gateway executor ' || $1, 0)`;

/** Takes or tries a session lock that stands for the life of an executor: PostgreSQL frees it when its process dies. */
async function lock(client: PoolClient, call: string, executorId: string): Promise<boolean> {
  const { rows } = await client.query<{ got: unknown }>(`select ${call}(${LOCK}) as got`, [executorId]);
  return rows[0]?.got !== false;
}

/** Goes on with the erasures whose executor is gone. Returns how many. */
async function sweep(client: PoolClient, self: string): Promise<number> {
  const pending = (await DBOS.listWorkflows({ status: 'PENDING' })).filter(
    ({ executorId }) => executorId !== self,
  );
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

/**
 * Watches the other processes on the same PostgreSQL. DBOS recovers the work of its own executor id only, and an id
 * that was used twice would have a restarted process steal live work; so each process has an id of its own, holds a
 * lock by that name, and takes over from ids whose lock is free.
 */
export async function startTakeOver(
  context: ErasureContext,
  self: string,
): Promise<{ stop(): Promise<void> }> {
  const client = await context.store.pool.connect();
  await lock(client, 'pg_advisory_lock', self);
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running
      .then(() => sweep(client, self))
      .then((taken) => {
        if (taken > 0) context.log.info({ taken }, 'took over the erasures of a process that is gone');
      })
      .catch((err: unknown) =>
        context.log.error({ err }, 'looking for the erasures of gone processes failed'),
      );
  }, SWEEP_MS);
  return {
    async stop() {
      clearInterval(timer);
      await running;
      client.release(true);
    },
  };
}
