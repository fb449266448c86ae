import { randomUUID } from 'node:crypto';
import { DBOS, DBOSClient } from '@dbos-inc/dbos-sdk';
import type { Logger } from 'pino';
import type { Store, Tx } from '../store/store.ts';
import { clientOf } from '../store/transaction-client.ts';
import { beginFailedAgain } from './begin-again.ts';
import { every } from './every.ts';
import { goOn } from './go-on.ts';
import { startTakeOver } from './take-over.ts';

/**
 * What follows a step. Plain JSON: the workflow engine keeps it. `YIELD` is to go on as well, after the engine has looked
 * whether the work is still this process's: another one seems to be at it.
 */
export type Advance = { do: 'CONTINUE' } | { do: 'YIELD' } | { do: 'WAIT'; until: number } | { do: 'END' };

/** Lets work begin and go on. */
export interface Engine {
  /**
   * Lets the work with an id begin once the transaction commits, or at a later time, until when it costs nothing. Work
   * that has begun, or ended, stays as it is.
   */
  enqueue(tx: Tx, job: string, id: string, notBefore?: Date): Promise<void>;
  /** Makes waiting work look again, once the transaction commits. */
  wake(tx: Tx, id: string): Promise<void>;
}

/**
 * A kind of durable work: takes the next step of the work with an id. A step may be taken again after a crash, so it
 * looks at the tables for what was already done. It may let other work begin.
 */
export type Job = (id: string, engine: Engine) => Promise<Advance>;

/** An engine that runs jobs durably in this process: each is one workflow, whatever happens to it. */
interface RunningEngine extends Engine {
  stop(): Promise<void>;
}

/** What the engine runs on. */
export interface EngineOptions {
  store: Store;
  log: Logger;
  /** Turns a wait into the one that is really waited. */
  pace(ms: number): number;
}

const NAME = 'customer-gateway';
const QUEUE = 'jobs';
const WAKE = 'wake';
const LOOK_FOR_FAILED_MS = 60_000;
/** Constant, or work begun by an older build would never be taken up by a newer one. */
const APPLICATION_VERSION = '1';
const EMBEDDED_EXECUTOR = 'embedded';
const TROUBLE_WAIT_MS = 5_000;
/** DBOS abandons a workflow that was recovered too often; a job ends by its own rules alone. */
const NEVER_GIVE_UP = 2_000_000_000;
/** DBOS wants a URL even where it is given the pool. */
const UNUSED_URL = 'postgresql://unused@localhost/unused';

/** A workflow that fails because DBOS shuts down is ended for good; one that waits is recovered at the next start. */
class UntilStopped {
  isStopped = false;

  async ask<T>(dbos: () => Promise<T>): Promise<T> {
    try {
      if (!this.isStopped) return await dbos();
    } catch (error) {
      if (!this.isStopped) throw error;
    }
    return new Promise(() => {});
  }
}

function workflowOf(step: (id: string) => Promise<Advance>, until: UntilStopped) {
  return async (id: string): Promise<void> => {
    for (;;) {
      const next = await until.ask(() => DBOS.runStep(() => step(id), { name: 'advance' }));
      if (next.do === 'END') return;
      if (next.do === 'WAIT') await until.ask(() => DBOS.recv(WAKE, { deadlineEpochMS: next.until }));
    }
  };
}

function stepOf(name: string, job: Job, engine: Engine, { log, pace }: EngineOptions, until: UntilStopped) {
  const take = async (id: string): Promise<Advance> => {
    try {
      return await job(id, engine);
    } catch (err) {
      log.error({ err, job: name, id }, 'a step failed; it is taken again');
      return { do: 'WAIT', until: Date.now() + pace(TROUBLE_WAIT_MS) };
    }
  };
  return (id: string): Promise<Advance> =>
    goOn(
      () => take(id),
      () => until.isStopped,
    );
}

function logger(log: Logger) {
  const message = (entry: unknown): string => (typeof entry === 'string' ? entry : JSON.stringify(entry));
  return {
    info: (entry: unknown) => log.debug(message(entry)),
    debug: (entry: unknown) => log.trace(message(entry)),
    warn: (entry: unknown) => log.warn(message(entry)),
    error: (entry: unknown, metadata?: { error?: unknown }) =>
      log.error({ err: metadata?.error }, message(entry)),
  };
}

const engineOn = (client: DBOSClient): Engine => ({
  async enqueue(tx, job, id, notBefore) {
    const delaySeconds = notBefore ? Math.max(notBefore.getTime() - Date.now(), 0) / 1000 : 0;
    const workflow = {
      workflowName: job,
      queueName: QUEUE,
      workflowID: id,
      appVersion: APPLICATION_VERSION,
      delaySeconds,
    };
    await client.enqueueInTransaction(clientOf(tx), workflow, id);
  },
  wake: (tx, id) => client.sendInTransaction(clientOf(tx), id, true, WAKE),
});

/** Starts the engine, which goes on with all work that has not ended. There is one a process. */
export async function startEngine(options: EngineOptions, jobs: Record<string, Job>): Promise<RunningEngine> {
  const { store, log } = options;
  const executorID = store.embedded ? EMBEDDED_EXECUTOR : randomUUID();
  DBOS.setConfig({
    name: NAME,
    systemDatabasePool: store.pool,
    systemDatabaseUrl: UNUSED_URL,
    applicationVersion: APPLICATION_VERSION,
    executorID,
    enablePatching: true,
    logger: logger(log),
  });
  const client = await DBOSClient.create({
    systemDatabaseUrl: UNUSED_URL,
    systemDatabasePool: store.pool,
    applicationName: NAME,
    logger: logger(log),
  });
  const engine = engineOn(client);
  const until = new UntilStopped();
  for (const [name, job] of Object.entries(jobs)) {
    const workflow = workflowOf(stepOf(name, job, engine, options, until), until);
    DBOS.registerWorkflow(workflow, { name, maxRecoveryAttempts: NEVER_GIVE_UP });
  }
  await DBOS.launch();
  await DBOS.registerQueue(QUEUE, { minPollingIntervalMs: 50 });
  const beginAgain = () => beginFailedAgain(log, QUEUE);
  await beginAgain();
  const takeOver = store.embedded ? null : await startTakeOver(store.pool, log, executorID);
  const looks = every(LOOK_FOR_FAILED_MS, beginAgain);
  return {
    ...engine,
    async stop() {
      until.isStopped = true;
      await looks.stop();
      await takeOver?.stop();
      await DBOS.shutdown({ deregister: true });
      await client.destroy();
    },
  };
}
