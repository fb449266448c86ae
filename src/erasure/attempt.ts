import { GATEWAY, recordOfErasure } from '../audit/log.ts';
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
import { isAllowed } from './is-allowed.ts';
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
import { refusalOf } from './refusal.ts';
import type { AttemptKind } from './words.ts';

/** What forbids to delete an account that the plan could not look at. */
function blockersNow(
  integration: Integration,
  { account: planned }: Task,
  found: readonly Account[] = [],
): readonly Notice[] {
  const [account, another] = found;
  if (planned || !account || another) return [];
  return integration.blockers?.(account) ?? [];
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
        [account ? { kind: kindOfId, value: account.externalId } : key!],
        signal,
      );
      if (found instanceof ProviderError) throw found;
      return {
        kind,
        accounts: found ?? [],
        blockers: blockersNow(integration, task, found),
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
async function resultOf(integration: Integration, task: Task, signal: AbortSignal): Promise<AttemptResult> {
  try {
    return await perform(integration, task, signal);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { kind: task.next, error };
  }
}

const changesSomething = (kind: AttemptKind): boolean => kind !== 'PROBE' && kind !== 'VERIFY';

/** Whether a hold and the stop switch forbid it. */
const acts = (kind: AttemptKind): boolean => changesSomething(kind) && kind !== 'RESTORE';

const cannotBeUndone = (kind: AttemptKind): boolean => kind === 'DELETE' || kind === 'PREPARE';

/** Writes down the intent. False when a hold, the stop switch, a cancellation or another attempt came first. */
function begin(
  { store, clock }: ErasureContext,
  erasure: Erasure,
  task: Task,
  number: number,
): Promise<boolean> {
  const at = clock.now();
  const { next: kind } = task;
  return store.transaction(async (tx) => {
    if (acts(kind) && !(await isAllowed(tx, erasure))) return false;
    if (!(await beginAttempt(tx, task, { kind, number }, at))) return false;
    if (changesSomething(kind) || task.state === 'PENDING') {
      const change = { state: 'RUNNING', waitingReason: null, notBefore: null } as const;
      const details = { attempt: number, kind };
      await changeTask(tx, task, change, { action: 'attempt.started', details }, at);
    }
    return true;
  });
}

/** Notes that something may be gone for good. A delete that was refused or never sent does not count. */
async function passPointOfNoReturn(tx: Tx, erasure: Erasure, acted: boolean, at: Date): Promise<void> {
  if (!acted || erasure.irreversibleAt) return;
  const { id, customerId } = erasure;
  const entry = { actor: GATEWAY, action: 'erasure.irreversible', customerId };
  await recordOfErasure(tx, id, { irreversible_at: at }, [entry], at);
}

/** So long a look at an account holds: what comes later looks again before it deletes. */
const LOOK_HOLDS_MS = 300_000;

/** Whether the account may have been created again since it was looked at, and a look would tell. */
function mustLookFirst(task: Task, { manifest }: Integration, now: Date): boolean {
  if (!cannotBeUndone(task.next) || !task.account?.identity || !canBeAsked(task, manifest)) return false;
  return now.getTime() - (task.lookedAt?.getTime() ?? 0) > LOOK_HOLDS_MS;
}

/**
 * Makes the task's next attempt, when the integration's gate lets it in. False when somebody else came first: then it
 * may be another process that works on this erasure.
 *
 * @param latest - Number of the task's latest attempt when it was looked at.
 */
export async function attempt(
  context: ErasureContext,
  erasure: Erasure,
  planned: Task,
  latest: number,
): Promise<boolean> {
  const change = async (action: string, to: TaskChange): Promise<true> => {
    await context.store.transaction((tx) => changeTask(tx, planned, to, { action }, context.clock.now()));
    return true;
  };
  const integration = context.integrations.get(planned.integrationId);
  if (!integration) return change('task.failed', giveUp('FAILED', 'INTEGRATION_GONE'));
  const looksFirst = mustLookFirst(planned, integration, context.clock.now());
  const task = looksFirst ? { ...planned, next: 'PROBE' as const } : planned;
  const refusal = acts(task.next) && (await refusalOf(context, erasure, task, integration));
  if (refusal) return change('task.blocked', refusal);
  const admission = integration.gate.admit(task.waitingReason === 'BACKOFF' ? 'RETRY' : 'FIRST');
  if ('until' in admission) return change('task.postponed', postpone(admission));
  try {
    return await carryOut(context, erasure, task, latest + 1, integration);
  } finally {
    admission.leave();
  }
}

/** Writes down the intent, calls the provider once, writes down what it brought. */
async function carryOut(
  context: ErasureContext,
  erasure: Erasure,
  task: Task,
  number: number,
  integration: Integration,
): Promise<boolean> {
  const suspended = task.suspended || task.next === 'SUSPEND';
  const begun = { ...task, suspended, doubted: task.next === 'DELETE' ? null : task.doubted };
  if (!(await begin(context, erasure, begun, number))) return false;
  context.checkpoint('attempt.intended');
  const result = await resultOf(integration, task, context.deadline());
  context.checkpoint('attempt.answered');

  const at = context.clock.now();
  const code = 'error' in result ? result.error.code : 'OK';
  if ('error' in result)
    context.log.warn({ err: result.error, erasureId: erasure.id, taskId: task.id }, 'attempt failed');
  const ended = await context.store.transaction(async (tx) => {
    if (!(await endAttempt(tx, task.id, number, code, at))) return false;
    const change = follow(begun, result, termsOf(context, erasure, integration));
    const details = { attempt: number, kind: result.kind, result: code };
    await changeTask(tx, { ...begun, state: 'RUNNING' }, change, { action: 'attempt.finished', details }, at);
    const acted =
      result.kind === 'PREPARE' || (result.kind === 'DELETE' && (code === 'OK' || !!change.outcomeUnknown));
    await passPointOfNoReturn(tx, erasure, acted, at);
    return true;
  });
  context.checkpoint('attempt.recorded');
  return ended;
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
