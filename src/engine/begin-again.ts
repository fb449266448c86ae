import { DBOS, StatusString } from '@dbos-inc/dbos-sdk';
import type { Logger } from 'pino';

/** Ends that DBOS gives a workflow and no job gives itself. */
const UNWANTED = [StatusString.ERROR, StatusString.MAX_RECOVERY_ATTEMPTS_EXCEEDED];

/**
 * Lets work begin again that DBOS has ended as failed, as it does when it cannot write for a reason that it takes for
 * lasting. A job ends by its own word alone, and looks at the tables for what was already done.
 */
export async function beginFailedAgain(log: Logger, queueName: string): Promise<void> {
  const tolerant = (id?: string) => (err: unknown) => {
    log.error({ err, id }, 'work that the engine had given up does not begin again'); // or another process was faster
    return [];
  };
  const failed = await DBOS.listWorkflows({ status: UNWANTED }).catch(tolerant());
  for (const { workflowID: id, workflowName: job, error } of failed) {
    log.error({ err: error, job, id }, 'the engine had given work up; it begins again');
    await DBOS.rewindWorkflow(id, { queueName }).catch(tolerant(id));
  }
}
