import { randomUUID } from 'node:crypto';
import { DBOS, DBOSClient } from '@dbos-inc/dbos-sdk';
import type { Tx } from '../store/store.ts';
import { clientOf } from '../store/transaction-client.ts';
import { advance } from './advance.ts';
import type { ErasureContext } from './context.ts';
import { startTakeOver } from './take-over.ts';

/** Runs erasures durably: each is one workflow, whatever happens to the process. */
export interface Engine {
  /** Lets an erasure run once the transaction commits. */
  enqueue(tx: Tx, erasureId: string): Promise<void>;
  /** Makes a waiting erasure look again, once the transaction commits. */
  wake(tx: Tx, erasureId: string): Promise<void>;
  stop(): Promise<void>;
}

const NAME = 'customer-gateway';
const QUEUE = 'erasures';
const WORKFLOW = 'erasure';
const WAKE = 'wake';
/** Constant, or erasures begun by an older build would never be taken up by a newer one. */
const APPLICATION_VERSION = '1';
const EMBEDDED_EXECUTOR = 'embedded';
const TROUBLE_WAIT_MS = 5_000;
/** DBOS abandons a workflow that was recovered too often; an erasure ends by its own rules alone. */
const NEVER_GIVE_UP = 2_000_000_000;
/** DBOS wants a URL even where it is given the pool. */
const UNUSED_URL = 'postgresql://unused@localhost/unused';

function erasureWorkflow(context: ErasureContext) {
  const step = async (erasureId: string) => {
    try {
      return await advance(context, erasureId);
    } catch (err) {
      context.log.error({ err, erasureId }, 'a step of the erasure failed; it is taken again');
      return { do: 'WAIT' as const, until: Date.now() + context.pace(TROUBLE_WAIT_MS) };
    }
  };
  return async (erasureId: string): Promise<void> => {
    for (;;) {
      const next = await DBOS.runStep(() => step(erasureId), { name: 'advance' });
      if (next.do === 'END') return;
      if (next.do === 'WAIT') await DBOS.recv(WAKE, { deadlineEpochMS: next.until });
    }
  };
}

function logger({ log }: ErasureContext) {
  const message = (entry: unknown): string => (typeof entry === 'string' ? entry : JSON.stringify(entry));
  return {
    info: (entry: unknown) => log.debug(message(entry)),
    debug: (entry: unknown) => log.trace(message(entry)),
    warn: (entry: unknown) => log.warn(message(entry)),
    error: (entry: unknown, metadata?: { error?: unknown }) =>
      log.error({ err: metadata?.error }, message(entry)),
  };
}

/** Starts the engine, which goes on with every erasure that has not ended. There is one a process. */
export async function startEngine(context: ErasureContext): Promise<Engine> {
  const { store } = context;
  const executorID = store.embedded ? EMBEDDED_EXECUTOR : randomUUID();
  DBOS.setConfig({
    name: NAME,
    systemDatabasePool: store.pool,
    systemDatabaseUrl: UNUSED_URL,
    applicationVersion: APPLICATION_VERSION,
    executorID,
    enablePatching: true,
    logger: logger(context),
  });
  DBOS.registerWorkflow(erasureWorkflow(context), { name: WORKFLOW, maxRecoveryAttempts: NEVER_GIVE_UP });
  await DBOS.launch();
  await DBOS.registerQueue(QUEUE, { minPollingIntervalMs: 50 });
  const client = await DBOSClient.create({
    systemDatabaseUrl: UNUSED_URL,
    systemDatabasePool: store.pool,
    applicationName: NAME,
    logger: logger(context),
  });
  const takeOver = store.embedded ? null : await startTakeOver(context, executorID);
  return {
    async enqueue(tx, erasureId) {
      const options = { workflowName: WORKFLOW, queueName: QUEUE, workflowID: erasureId };
      await client.enqueueInTransaction(
        clientOf(tx),
        { ...options, appVersion: APPLICATION_VERSION },
        erasureId,
      );
    },
    wake: (tx, erasureId) => client.sendInTransaction(clientOf(tx), erasureId, true, WAKE),
    async stop() {
      await takeOver?.stop();
      await DBOS.shutdown({ deregister: true });
      await client.destroy();
    },
  };
}
