import { sql, type Selectable, type Updateable } from 'kysely';
import type { Logger } from 'pino';
import { GATEWAY, record } from '../../audit/log.ts';
import type { Advance } from '../../engine/engine.ts';
import { ProviderError, type Account, type AccountPage, type Integration } from '../../providers/provider.ts';
import { announce } from '../../store/changes.ts';
import type { ImportTable } from '../../store/customer-tables.ts';
import type { Tx } from '../../store/store.ts';
import type { CustomerContext } from '../context.ts';
import { isPlain } from '../account-key.ts';
import { emailKey } from '../email.ts';
import { isImportFinished, type ImportState } from './import.ts';
import { matchNext } from './match.ts';

/** What carrying out imports needs. */
export interface ImportContext extends CustomerContext {
  log: Logger;
  /** Turns a wait into the one that is really waited. */
  pace(ms: number): number;
}

type Row = Selectable<ImportTable>;

/** Placeholders that stand where an address should be are nobody's. */
const EMAIL = /^[^\s@]+@[^\s@]+$/;

const CONTINUE: Advance = { do: 'CONTINUE' };
const PAGE_DEADLINE_MS = 30_000;
/** Waits in ms before a page is asked for again. As many tries may fail as there are waits, and one more. */
const RETRY_WAITS_MS = [2_000, 15_000, 60_000];

async function change(tx: Tx, id: string, values: Updateable<ImportTable>): Promise<void> {
  await tx.updateTable('customer_import').set(values).where('id', '=', id).execute();
  await announce(tx, id);
}

async function finish(
  context: CustomerContext,
  row: Row,
  state: ImportState,
  error?: string,
): Promise<Advance> {
  const at = context.clock.now();
  await context.store.transaction(async (tx) => {
    const settled = tx.deleteFrom('import_row').where('import_id', '=', row.id);
    await (state === 'FAILED' ? settled : settled.where('result', '=', 'DONE')).execute();
    await change(tx, row.id, { state, finished_at: at, error_message: error ?? null });
    const { read, created, linked, ambiguous, skipped } = row;
    const details = { importId: row.id, read, created, linked, ambiguous, skipped };
    const action = `import.${state.toLowerCase()}`;
    await record(tx, { actor: GATEWAY, action, integrationId: row.integration_id, details }, at);
  });
  return { do: 'END' };
}

const stored = ({ externalId, email }: Account): object => ({
  external_id: externalId,
  email,
  email_key: email !== null && EMAIL.test(email) ? emailKey(email) : null,
});

/** Keeps a page. One that brings nothing new, while more are said to follow, is counted as a failure. */
async function keep(tx: Tx, task: Row, { accounts, next }: AccountPage): Promise<void> {
  const usable = accounts.filter(({ externalId, email }) => isPlain(externalId) && isPlain(email ?? ''));
  const { rows: added } = await sql`
    insert into import_row (import_id, external_id, email, email_key)
    select ${task.id}, external_id, email, email_key
    from jsonb_to_recordset(${JSON.stringify(usable.map(stored))}::jsonb)
      as page(external_id text, email text, email_key text)
    on conflict do nothing returning external_id
  `.execute(tx);
  const circles = usable.length > 0 && added.length === 0 && next !== null;
  await change(tx, task.id, {
    state: next === null ? 'MATCHING' : 'READING',
    cursor: next,
    read: task.read + added.length,
    failures: circles ? task.failures + 1 : 0,
    skipped: task.skipped + accounts.length - usable.length,
  });
}

async function failed(context: ImportContext, row: Row, error: ProviderError): Promise<Advance> {
  context.log.warn({ err: error, importId: row.id }, 'a page of an import failed');
  if (error.postponedBy || error.code === 'RATE_LIMITED')
    return { do: 'WAIT', until: error.retryAt?.getTime() ?? Date.now() + context.pace(1_000) };
  const wait =
    error.code === 'UNAUTHENTICATED' || error.code === 'FORBIDDEN' ? undefined : RETRY_WAITS_MS[row.failures];
  if (wait === undefined) return finish(context, row, 'FAILED', error.message);
  return tryAgain(context, row, wait);
}

async function tryAgain(context: ImportContext, { id, failures }: Row, waitMs: number): Promise<Advance> {
  await context.store.transaction((tx) => change(tx, id, { failures: failures + 1 }));
  return { do: 'WAIT', until: Date.now() + context.pace(waitMs) };
}

async function readNext(context: ImportContext, row: Row, integration: Integration): Promise<Advance> {
  if (row.failures > RETRY_WAITS_MS.length)
    return finish(context, row, 'FAILED', 'The list goes in circles: its pages bring nothing new.');
  const admission = integration.gate.admit(row.failures > 0 ? 'RETRY' : 'FIRST');
  if ('until' in admission) return { do: 'WAIT', until: admission.until.getTime() };
  try {
    const page = await integration.list!(row.cursor, AbortSignal.timeout(PAGE_DEADLINE_MS));
    await context.store.transaction((tx) => keep(tx, row, page));
    return CONTINUE;
  } catch (error) {
    if (error instanceof ProviderError) return failed(context, row, error);
    context.log.error({ err: error, importId: row.id }, 'a page of an import could not be kept');
    if (row.failures >= RETRY_WAITS_MS.length)
      return finish(context, row, 'FAILED', 'A page could not be kept.');
    return tryAgain(context, row, RETRY_WAITS_MS[row.failures]!);
  } finally {
    admission.leave();
  }
}

/** Takes one step of an import: reads one page, or matches some accounts. */
export async function advanceImport(context: ImportContext, id: string): Promise<Advance> {
  const { store, clock, integrations } = context;
  const query = store.db.selectFrom('customer_import').selectAll().where('id', '=', id);
  const row = await query.executeTakeFirstOrThrow();
  if (isImportFinished(row.state as ImportState)) return { do: 'END' };
  const integration = integrations.get(row.integration_id);
  if (!integration?.list) return finish(context, row, 'FAILED', 'The integration is no longer configured.');
  if (row.state === 'READING') return readNext(context, row, integration);
  const counts = await store.transaction(async (tx) => {
    const matched = await matchNext(tx, row, integration, clock.now());
    if (matched) {
      const { created, linked, ambiguous, skipped } = matched;
      await change(tx, id, {
        created: row.created + created,
        linked: row.linked + linked,
        ambiguous: row.ambiguous + ambiguous,
        skipped: row.skipped + skipped,
      });
    }
    return matched;
  });
  return counts ? CONTINUE : finish(context, row, 'COMPLETED');
}
