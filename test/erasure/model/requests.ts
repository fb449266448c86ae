import { approveErasure } from '../../../src/erasure/approve.ts';
import { planHash } from '../../../src/erasure/plan-hash.ts';
import { makePlan } from '../../../src/erasure/plan.ts';
import { requestErasure } from '../../../src/erasure/request.ts';
import type { Order } from './commands.ts';
import type { Accepted } from './oracle.ts';
import { PLACES, type Place } from './places.ts';
import type { ModelWorld } from './world.ts';

const MINUTE_MS = 60_000;
const REASON = 'a test';

type Request = Extract<Order, { do: 'REQUEST' }>;

/** Looks at a customer as the plan of an erasure would. */
export async function look(
  world: ModelWorld,
  customer: number,
  only: ReadonlySet<Place> | null,
): Promise<void> {
  const { context, oracle, customers, providers } = world;
  const by = world.by('ADMIN');
  const known = await context.directory.byId(by.viewer, customers[customer]!.id);
  const ids = only ? new Set([...only].map((place) => providers[place].id)) : undefined;
  const plan = await oracle.look(() => makePlan(by.reader, known!, ids, context.clock.now()));
  world.looks.set(customer, { hash: planHash(plan.result), look: plan.look });
}

/** Asks for an erasure, and notes what whoever asked could know. */
export async function request(world: ModelWorld, order: Request): Promise<void> {
  const { context, engine, oracle, customers, providers, setting } = world;
  const { customer, role, suspends } = order;
  const seen = order.asSeen ? world.looks.get(customer) : undefined;
  const now = context.clock.now().getTime();
  const scheduledFor = order.inMinutes === null ? null : new Date(now + order.inMinutes * MINUTE_MS);
  const wanted = {
    customerId: customers[customer]!.id,
    reason: REASON,
    idempotencyKey: null,
    integrationIds: order.only && order.only.map((place) => providers[place].id),
    planHash: seen?.hash ?? null,
    scheduledFor,
    suspends: suspends && scheduledFor !== null,
    overrideReason: null,
    approvedBy: null,
  };
  const { result: id, look } = await oracle.look(() =>
    requestErasure(context, engine, world.by(role), wanted),
  );
  const only = order.only && new Set(order.only);
  const earliest = Math.max(now + setting.coolOffMinutes * MINUTE_MS, scheduledFor?.getTime() ?? 0);
  const awaits = role === 'RESALE' && setting.approvalForResale;
  const meant = PLACES.filter((place) => (only?.has(place) ?? true) && world.holdsAt(place, customer));
  const asked = { id, customer, role, requestedAt: now, meant, only, notBefore: earliest, awaits };
  oracle.accept(asked, { ...look, upTo: seen?.look.upTo ?? look.upTo });
  if (role === 'RESALE' && !customers[customer]!.isManaged) oracle.fail('a reseller erases a stranger');
}

/** Approves an erasure by a look that was taken before, or is taken now. */
export async function approve(world: ModelWorld, erasure: Accepted, asSeen: boolean): Promise<void> {
  if (!asSeen) await look(world, erasure.customer, erasure.only);
  const seen = world.looks.get(erasure.customer);
  const approver = world.by(erasure.role === 'MASTER' ? 'ADMIN' : 'MASTER');
  const wanted = { erasureId: erasure.id, planHash: seen?.hash ?? 'none' };
  await approveErasure(world.context, world.engine, approver, wanted);
  erasure.awaits = false;
  erasure.wasApproved = true;
  world.oracle.agree(erasure, seen!.look);
}
