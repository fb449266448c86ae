import { randomUUID } from 'node:crypto';
import { reachOf } from '../../access/viewer.ts';
import { record } from '../../audit/log.ts';
import type { Engine } from '../../engine/engine.ts';
import { isUniqueViolation } from '../../store/unique-violation.ts';
import type { Caller, CustomerContext } from '../context.ts';
import { InvalidInputError } from '../errors.ts';
import { managersByIds } from '../managers.ts';

/** The kind of durable work that an import is. */
export const IMPORT_JOB = 'import';

/** What is imported, and under whom customers that were not known are put. */
export interface ImportRequest {
  integrationId: string;
  managerId: string | null;
  testCustomers: boolean;
}

/** Another import of the same integration has not ended. */
export class ImportOpenError extends Error {
  override readonly name = 'ImportOpenError';
  readonly importId: string;

  constructor(importId: string) {
    super('An import of this integration is already under way.');
    this.importId = importId;
  }
}

async function check({ integrations, store }: CustomerContext, { viewer }: Caller, request: ImportRequest) {
  const { integrationId, managerId } = request;
  const issues = [];
  if (!integrations.get(integrationId)?.list)
    issues.push({
      path: 'integrationId',
      message: 'There is no such integration that can list its accounts.',
    });
  if (managerId !== null && !(await managersByIds(store, viewer, [managerId]))[0])
    issues.push({ path: 'managerId', message: 'There is no such manager.' });
  if (!reachOf(viewer).everyone)
    issues.push({ path: 'integrationId', message: 'Only who reaches all customers may import.' });
  if (issues.length > 0) throw new InvalidInputError(issues);
}

async function openImport({ store }: CustomerContext, integrationId: string): Promise<string | undefined> {
  const open = await store.db
    .selectFrom('customer_import')
    .select('id')
    .where('integration_id', '=', integrationId)
    .where('finished_at', 'is', null)
    .executeTakeFirst();
  return open?.id;
}

/**
 * Begins to import all accounts of an integration; goes on whatever happens to the process. What an earlier import of
 * the integration could not match is forgotten. Returns the import's id.
 *
 * @throws {InvalidInputError | ImportOpenError}
 */
export async function startImport(
  context: CustomerContext,
  engine: Engine,
  by: Caller,
  request: ImportRequest,
): Promise<string> {
  await check(context, by, request);
  const { integrationId, managerId, testCustomers } = request;
  const id = randomUUID();
  const at = context.clock.now();
  try {
    await context.store.transaction(async (tx) => {
      const earlier = tx
        .selectFrom('customer_import')
        .select('id')
        .where('integration_id', '=', integrationId);
      const values = { id, integration_id: integrationId, state: 'READING', manager_id: managerId };
      const asked = { requested_by: by.viewer.subject, requested_at: at, test_customers: testCustomers };
      await tx.deleteFrom('import_row').where('import_id', 'in', earlier).execute();
      await tx
        .insertInto('customer_import')
        .values({ ...values, ...asked })
        .execute();
      const details = { importId: id, managerId, testCustomers };
      const entry = { actor: by.viewer, requestId: by.requestId, integrationId, details };
      await record(tx, { ...entry, action: 'import.requested' }, at);
      await engine.enqueue(tx, IMPORT_JOB, id);
    });
    return id;
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const open = await openImport(context, integrationId);
    if (open) throw new ImportOpenError(open);
    return startImport(context, engine, by, request); // the other has ended meanwhile
  }
}
