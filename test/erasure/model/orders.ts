import { cancelErasure } from '../../../src/erasure/cancel.ts';
import { denyErasure } from '../../../src/erasure/deny.ts';
import { placeHold, releaseHold } from '../../../src/erasure/hold.ts';
import { setPause } from '../../../src/erasure/pause.ts';
import { resolveTask, retryErasure } from '../../../src/erasure/resolve.ts';
import type { Account } from '../../../src/providers/provider.ts';
import type { Order } from './commands.ts';
import { hasEnded, type Accepted } from './oracle.ts';
import { approve, look, request } from './requests.ts';
import { tasksOf, type TaskRow } from './rows.ts';
import type { ModelWorld } from './world.ts';

/** The ways in which the gateway says no. Everything else that is thrown is a defect. */
const REFUSALS = new Set([
  'InvalidInputError',
  'CustomerNotFoundError',
  'ErasureBlockedError',
  'PlanChangedError',
  'PlanExpiredError',
  'ErasureCapError',
  'ErasureAlreadyOpenError',
  'ErasureFinishedError',
  'NotAwaitingApprovalError',
  'OwnRequestError',
  'NothingToResolveError',
]);

const REASON = 'a test';

/** A person can decide about what waits for them, or what an erasure has ended without; the rest is refused. */
async function resolve(
  world: ModelWorld,
  erasure: Accepted,
  { task: number, resolution }: Extract<Order, { do: 'RESOLVE' }>,
): Promise<void> {
  const { context, engine, oracle } = world;
  const tasks = await tasksOf(world, erasure.id);
  const open = tasks.filter(
    ({ waiting_reason, state }) =>
      waiting_reason === 'NEEDS_REVIEW' || (hasEnded(erasure) && state !== 'SUCCEEDED'),
  );
  const some = open.length > 0 ? open : tasks;
  const task = some[number % Math.max(some.length, 1)];
  if (!task) return;
  await resolveTask(context, engine, world.by('ADMIN'), { taskId: task.id, resolution, reason: REASON });
  if (hasEnded(erasure)) erasure.canceled = false;
  if (resolution === 'DELETE')
    oracle.agreeToOne(erasure, world.placeOf(task.integration_id), task.doubted as Account);
}

/** A person says to leave what a task is about. */
export async function leaveAlone(
  { context, engine, by }: ModelWorld,
  { id: taskId }: TaskRow,
): Promise<void> {
  await resolveTask(context, engine, by('ADMIN'), { taskId, resolution: 'SKIP', reason: REASON });
}

async function hold(world: ModelWorld, customer: number): Promise<void> {
  const { context, engine, oracle, customers } = world;
  if (oracle.holds.has(customer)) return;
  const wanted = { customerId: customers[customer]!.id, ground: REASON };
  const { id } = await placeHold(context, engine, world.by('ADMIN'), wanted);
  oracle.holds.set(customer, id);
}

export async function release(world: ModelWorld, customer: number): Promise<void> {
  const { context, oracle } = world;
  const holdId = oracle.holds.get(customer);
  if (!holdId) return;
  await releaseHold(context, world.by('ADMIN'), { holdId, reason: REASON });
  oracle.holds.delete(customer);
}

export async function pause(world: ModelWorld, on: boolean): Promise<void> {
  await setPause(world.context, world.engine, world.by('ADMIN'), { on, reason: REASON });
  world.oracle.paused = on;
}

/** What an order is about, where there is any such erasure. */
const MEANT: Record<Extract<Order, { erasure: number }>['do'], (erasure: Accepted) => boolean> = {
  CANCEL: (erasure) => !hasEnded(erasure),
  DENY: ({ state }) => state === 'AWAITING_APPROVAL',
  APPROVE: ({ state }) => state === 'AWAITING_APPROVAL',
  RETRY: ({ state }) => state === 'PARTIAL' || state === 'FAILED',
  RESOLVE: ({ state }) => state === 'PARTIAL' || state === 'FAILED' || state === 'RUNNING',
};

async function decide(world: ModelWorld, order: Extract<Order, { erasure: number }>): Promise<void> {
  const { context, engine } = world;
  const erasure = world.erasure(order.erasure, MEANT[order.do]);
  if (!erasure) return;
  const by = world.by(erasure.role === 'MASTER' ? 'ADMIN' : 'MASTER');
  const wanted = { erasureId: erasure.id, reason: REASON };
  switch (order.do) {
    case 'CANCEL':
      await cancelErasure(context, engine, by, wanted);
      erasure.canceled = true;
      return;
    case 'DENY':
      await denyErasure(context, engine, by, wanted);
      erasure.denied = true;
      return;
    case 'RETRY':
      await retryErasure(context, engine, by, wanted);
      erasure.canceled = false;
      return;
    case 'APPROVE':
      return approve(world, erasure, order.asSeen);
    case 'RESOLVE':
      return resolve(world, erasure, order);
  }
}

function carryOut(world: ModelWorld, order: Order): Promise<void> {
  switch (order.do) {
    case 'LOOK':
      return look(world, order.customer, null);
    case 'REQUEST':
      return request(world, order);
    case 'HOLD':
      return hold(world, order.customer);
    case 'RELEASE':
      return release(world, order.customer);
    case 'PAUSE':
    case 'RESUME':
      return pause(world, order.do === 'PAUSE');
    default:
      return decide(world, order);
  }
}

/** Carries out an order; the gateway may say no. */
export async function obey(world: ModelWorld, order: Order): Promise<void> {
  try {
    await carryOut(world, order);
  } catch (error) {
    if (!(error instanceof Error) || !REFUSALS.has(error.name)) throw error;
  }
}
