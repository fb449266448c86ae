import type { Advance, Engine } from '../../engine/engine.ts';
import { ProviderError } from '../../providers/provider.ts';
import type { ErasureContext } from '../context.ts';
import { changePosition, positionsIn, type Position } from './position.ts';
import { raiseReappearances } from './raise.ts';

/** The kind of durable work that looks for re-appearances. Each round is one. */
export const SWEEP_JOB = 'sweep';

/** What looking for re-appearances needs. */
export interface SweepContext extends ErasureContext {
  /** From the end of a round to the start of the next; 0: there are none. */
  everyMs: number;
}

const CONTINUE: Advance = { do: 'CONTINUE' };
const END: Advance = { do: 'END' };
const PAGE_DEADLINE_MS = 30_000;
/** Waits in ms before a page is asked for again; then the integration waits for the next round. */
const RETRY_WAITS_MS = [2_000, 15_000, 60_000, 600_000, 3_600_000];
/** A list that is longer goes in circles. */
const MAX_PAGES = 100_000;
const POINTLESS_TO_RETRY = new Set<string | undefined>(['UNAUTHENTICATED', 'FORBIDDEN']);

const idOf = (round: number): string => `sweep-${round}`;

/** Sees to it that rounds go on, one after the other, over all processes on the store. */
export async function startSweeps({ store, clock, everyMs }: SweepContext, engine: Engine): Promise<void> {
  await store.transaction(async (tx) => {
    await tx
      .insertInto('sweep')
      .values({ round: 1, round_ended_at: clock.now() })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    if (everyMs === 0) return;
    const { round } = await tx.selectFrom('sweep').select('round').executeTakeFirstOrThrow();
    await engine.enqueue(tx, SWEEP_JOB, idOf(round));
    await engine.wake(tx, idOf(round)); // it may have begun under another interval
  });
}

/** The next round is work of its own: a restart goes through all steps of one again. */
async function endRound(
  { store, clock, everyMs }: SweepContext,
  engine: Engine,
  round: number,
): Promise<Advance> {
  const next = round + 1;
  await store.transaction(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('sweep')
      .set({ round: next, round_ended_at: clock.now() })
      .where('round', '=', round)
      .executeTakeFirst();
    if (numUpdatedRows > 0n && everyMs > 0) await engine.enqueue(tx, SWEEP_JOB, idOf(next));
  });
  return END;
}

async function giveUp(context: SweepContext, position: Position, err: unknown): Promise<void> {
  const { id: integrationId } = position.integration;
  context.log.warn({ err, integrationId }, 'looking for re-appearances was given up until the next round');
  await changePosition(context.store.db, position, { cursor: null, ended: true });
}

async function failed(context: SweepContext, position: Position, error: unknown): Promise<void> {
  const wait = RETRY_WAITS_MS[position.failures];
  const { code, retryAt } = error instanceof ProviderError ? error : {};
  if (wait === undefined || POINTLESS_TO_RETRY.has(code)) return giveUp(context, position, error);
  const { id: integrationId } = position.integration;
  context.log.warn({ err: error, integrationId }, 'a page could not be looked through');
  const earliest = context.clock.now().getTime() + context.pace(wait);
  const notBefore = new Date(Math.max(earliest, retryAt?.getTime() ?? 0));
  await changePosition(context.store.db, position, { failures: position.failures + 1, notBefore });
}

/** Reads one page, and keeps what it brought together with where the next one begins. */
async function readPage(context: SweepContext, position: Position): Promise<void> {
  const { store, clock, fingerprintKey } = context;
  const { integration, cursor, pages } = position;
  const askedAt = clock.now();
  const { accounts, next } = await integration.list!(cursor, AbortSignal.timeout(PAGE_DEADLINE_MS));
  if (next !== null && pages >= MAX_PAGES)
    return giveUp(context, position, new Error('the list goes in circles'));
  await store.transaction(async (tx) => {
    const at = clock.now();
    await raiseReappearances(tx, fingerprintKey, { integration, accounts, askedAt }, at);
    const read = { cursor: next, pages: pages + 1, failures: 0, notBefore: null };
    await changePosition(tx, position, next === null ? { ...read, ended: true, sweptAt: at } : read);
  });
}

async function sweepPage(context: SweepContext, position: Position): Promise<void> {
  const admission = position.integration.gate.admit(position.failures > 0 ? 'RETRY' : 'FIRST');
  if ('until' in admission) return changePosition(context.store.db, position, { notBefore: admission.until });
  try {
    await readPage(context, position);
  } catch (error) {
    await failed(context, position, error);
  } finally {
    admission.leave();
  }
}

async function isAnybodyErased({ store }: SweepContext): Promise<boolean> {
  return (await store.db.selectFrom('fingerprint').select('hash').limit(1).executeTakeFirst()) !== undefined;
}

/** Takes one step of a round: reads one page of an integration that can list, or waits. */
export async function advanceSweep(context: SweepContext, engine: Engine, id: string): Promise<Advance> {
  const { round, round_ended_at } = await context.store.db
    .selectFrom('sweep')
    .selectAll()
    .executeTakeFirstOrThrow();
  if (id !== idOf(round)) return END;
  if (context.everyMs === 0) return endRound(context, engine, round);
  const now = context.clock.now().getTime();
  const due = round_ended_at.getTime() + context.pace(context.everyMs);
  if (now < due) return { do: 'WAIT', until: due };
  if (!(await isAnybodyErased(context))) return endRound(context, engine, round);
  const positions = await positionsIn(context, round);
  const open = positions.filter(({ ended }) => !ended);
  if (open.length === 0) return endRound(context, engine, round);
  const begins = open.map(({ notBefore }) => notBefore?.getTime() ?? 0);
  const earliest = Math.min(...begins);
  if (earliest > now) return { do: 'WAIT', until: earliest };
  await sweepPage(context, open[begins.indexOf(earliest)]!);
  return CONTINUE;
}
