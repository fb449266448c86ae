import { GATEWAY, record } from '../audit/log.ts';
import { isOfOthers, ownersOf } from '../customer/owners.ts';
import {
  ProviderError,
  type Account,
  type Integration,
  type Notice,
  type Sighting,
} from '../providers/provider.ts';
import type { Tx } from '../store/store.ts';
import type { ErasureContext } from './context.ts';
import type { Attempt, Erasure, Task } from './erasure.ts';
import { follow, followInterruption } from './follow.ts';
import {
  canBeAsked,
  giveUp,
  postpone,
  type AttemptResult,
  type TaskChange,
  type Terms,
} from './task-change.ts';
import { beginAttempt, changeTask, endAttempt } from './journal.ts';
import type { AttemptKind } from './words.ts';

const DEADLINE_MS = 30_000;

/** What forbids to delete an account that the plan could not look at. */
async function blockersNow(
  integration: Integration,
  { account: planned }: Task,
  found: readonly Account[] = [],
  signal: AbortSignal,
): Promise<readonly Notice[]> {
  const [account, another] = found;
  if (planned || !account || another) return [];
  return (await integration.inspect(account, signal)).blockers;
}

/** A closer look at an account without a mark of its creation, where a delete may already have done its work. */
async function sightingNow(
  integration: Integration,
  { account, outcomeUnknown, claimed }: Task,
  signal: AbortSignal,
): Promise<Sighting | null> {
  const mayBeGone = outcomeUnknown || claimed !== null;
  return account && account.identity === null && mayBeGone ? integration.verify(account, signal) : null;
}

async function perform(integration: Integration, task: Task, signal: AbortSignal): Promise<AttemptResult> {
  const { account, key, next: kind } = task;
  switch (kind) {
    case 'PROBE': {
      const kindOfId = integration.manifest.externalIdKind;
      const [found] = await integration.find(
        [account ? { kind: kindOfId, value: account.externalId } : key],
        signal,
      );
      if (found instanceof ProviderError) throw found;
      const blockers = await blockersNow(integration, task, found, signal);
      return {
        kind,
        accounts: found ?? [],
        blockers,
        sighting: await sightingNow(integration, task, signal),
      };
    }
    case 'SUSPEND':
      await integration.suspension!.suspend(account!, signal);
      return { kind };
    case 'RESTORE':
      await integration.suspension!.restore(account!, signal);
      return { kind };
    case 'PREPARE':
      await integration.prepare!(account!, signal);
      return { kind };
    case 'DELETE':
      return { kind, deletion: await integration.delete(account!, signal) };
    case 'VERIFY':
      return { kind, sighting: await integration.verify(account!, signal) };
  }
}

/** Runs one operation; what the provider did not do is a result too, every other error is thrown. */
async function resultOf(integration: Integration, task: Task): Promise<AttemptResult> {
  try {
    return await perform(integration, task, AbortSignal.timeout(DEADLINE_MS));
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { kind: task.next, error };
  }
}

const changesSomething = (kind: AttemptKind): boolean => kind !== 'PROBE' && kind !== 'VERIFY';

const cannotBeUndone = (kind: AttemptKind): boolean => kind === 'DELETE' || kind === 'PREPARE';

function begin({ store, clock }: ErasureContext, task: Task): Promise<number> {
  const at = clock.now();
  return store.transaction(async (tx) => {
    const number = await beginAttempt(tx, task, task.next, at);
    if (changesSomething(task.next) || task.state === 'PENDING') {
      const change = { state: 'RUNNING', waitingReason: null, notBefore: null } as const;
      const details = { attempt: number, kind: task.next };
      await changeTask(tx, task, change, { action: 'attempt.started', details }, at);
    }
    return number;
  });
}

/** Notes that something may be gone for good. A delete that was refused or never sent does not count. */
async function passPointOfNoReturn(tx: Tx, erasure: Erasure, acted: boolean, at: Date): Promise<void> {
  if (!acted || erasure.irreversibleAt) return;
  const { id: erasureId, customerId } = erasure;
  await tx.updateTable('erasure').set({ irreversible_at: at }).where('id', '=', erasureId).execute();
  await record(tx, { actor: GATEWAY, action: 'erasure.irreversible', customerId, erasureId }, at);
}

/** Links change while an erasure waits: whose account it is is looked up again before anything is done to it. */
async function isOfAnother(
  { store }: ErasureContext,
  { customerId }: Erasure,
  { account }: Task,
  integration: Integration,
): Promise<boolean> {
  const [owners] = account ? await ownersOf(store.db, [{ integration, account }]) : [];
  return owners !== undefined && isOfOthers(owners, customerId);
}

/**
 * Whether the account is still the one that was meant, looked at in the step that deletes it: a pause, a turn or a wait
 * may have come since the last look. Where there is no mark of creation, or no way to look, nothing can be told.
 */
async function isStillMeant(integration: Integration, { account, ...task }: Task): Promise<boolean> {
  if (!account?.identity || !canBeAsked({ ...task, account }, integration.manifest)) return true;
  const key = { kind: integration.manifest.externalIdKind, value: account.externalId };
  try {
    const [found] = await integration.find([key], AbortSignal.timeout(DEADLINE_MS));
    if (!found || found instanceof ProviderError) return false;
    return found.some(
      ({ externalId, identity }) => externalId === key.value && identity === account.identity,
    );
  } catch (error) {
    if (error instanceof ProviderError) return false;
    throw error;
  }
}

/** Makes the task's next attempt, when the integration's gate lets it in. */
export async function attempt(context: ErasureContext, erasure: Erasure, task: Task): Promise<void> {
  const change = (action: string, to: TaskChange): Promise<void> =>
    context.store.transaction((tx) => changeTask(tx, task, to, { action }, context.clock.now()));
  const integration = context.integrations.get(task.integrationId);
  if (!integration) return change('task.failed', giveUp('FAILED', 'INTEGRATION_GONE'));
  if (
    changesSomething(task.next) &&
    task.next !== 'RESTORE' &&
    (await isOfAnother(context, erasure, task, integration))
  )
    return change('task.blocked', giveUp('BLOCKED', 'LINKED_TO_ANOTHER_CUSTOMER'));
  const admission = integration.gate.admit(task.waitingReason === 'BACKOFF' ? 'RETRY' : 'FIRST');
  if ('until' in admission) return change('task.postponed', postpone(admission));
  try {
    const mayGoOn = !cannotBeUndone(task.next) || (await isStillMeant(integration, task));
    await carryOut(context, erasure, mayGoOn ? task : { ...task, next: 'PROBE' }, integration);
  } finally {
    admission.leave();
  }
}

/** Writes down the intent, calls the provider once, writes down what it brought. */
async function carryOut(
  context: ErasureContext,
  erasure: Erasure,
  task: Task,
  integration: Integration,
): Promise<void> {
  const suspended = task.suspended || task.next === 'SUSPEND';
  const begun = { ...task, suspended, doubted: task.next === 'DELETE' ? null : task.doubted };
  const number = await begin(context, begun);
  context.checkpoint('attempt.intended');
  const result = await resultOf(integration, task);
  context.checkpoint('attempt.answered');

  const at = context.clock.now();
  const code = 'error' in result ? result.error.code : 'OK';
  if ('error' in result)
    context.log.warn({ err: result.error, erasureId: erasure.id, taskId: task.id }, 'attempt failed');
  await context.store.transaction(async (tx) => {
    if (!(await endAttempt(tx, task.id, number, code, at))) return;
    const change = follow(begun, result, termsOf(context, erasure, integration));
    const details = { attempt: number, kind: result.kind, result: code };
    await changeTask(tx, { ...begun, state: 'RUNNING' }, change, { action: 'attempt.finished', details }, at);
    const acted =
      result.kind === 'PREPARE' || (result.kind === 'DELETE' && (code === 'OK' || !!change.outcomeUnknown));
    await passPointOfNoReturn(tx, erasure, acted, at);
  });
  context.checkpoint('attempt.recorded');
}

function termsOf(context: ErasureContext, erasure: Erasure, integration: Integration): Terms {
  const { verification } = integration.manifest;
  const waitsMs = verification?.waitsMs.map(context.pace);
  return {
    manifest: waitsMs ? { ...integration.manifest, verification: { waitsMs } } : integration.manifest,
    prepares: integration.prepare !== undefined,
    cancelRequested: erasure.cancelRequestedAt !== null,
    scheduledFor: erasure.scheduledFor,
    now: context.clock.now(),
    retryWaitsMs: context.retryWaitsMs.map(context.pace),
    random: Math.random,
  };
}

/** Writes off an attempt whose process died, and says what has to be found out before the task goes on. */
export async function writeOff(
  context: ErasureContext,
  erasure: Erasure,
  task: Task,
  lost: Attempt,
): Promise<void> {
  const at = context.clock.now();
  const integration = context.integrations.get(task.integrationId);
  const result = lost.kind === 'DELETE' ? 'OUTCOME_UNKNOWN' : 'INTERRUPTED';
  await context.store.transaction(async (tx) => {
    if (!(await endAttempt(tx, task.id, lost.number, result, at))) return;
    const change = followInterruption(task, lost.kind, integration?.manifest);
    const details = { attempt: lost.number, kind: lost.kind, result };
    await changeTask(tx, task, change, { action: 'attempt.interrupted', details }, at);
    await passPointOfNoReturn(tx, erasure, cannotBeUndone(lost.kind), at);
  });
}
