import { sql } from 'kysely';
import type { Role } from '../access/viewer.ts';
import type { Store, Tx } from '../store/store.ts';

/** How many customers may be deleted in how much time, whoever asks and however: the guard against deleting everyone. */
export interface ErasureCaps {
  /** Customers an hour, by the role of those who ask, all together. */
  perHour: Record<Role, number>;
  /** Share of the customers known at an integration that may be deleted there a day, 0 to 1. */
  sharePerDay: number;
}

export const DEFAULT_CAPS: ErasureCaps = {
  perHour: { ADMIN: 100, MASTER: 50, RESALE: 20 },
  sharePerDay: 0.2,
};

/** So many a day may always be deleted at an integration, however few customers it has. */
const LEAST_PER_DAY = 10;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What a cap counts: customers that a role deletes an hour, or an integration's share of them a day. */
export type Cap = 'ROLE_PER_HOUR' | 'SHARE_PER_DAY';

/** A cap has been reached. */
export class ErasureCapError extends Error {
  override readonly name = 'ErasureCapError';
  /** When there is room again, as far as is known now. */
  readonly retryAt: Date;
  readonly cap: Cap;
  /** Where a share is used up; null for a role's cap. */
  readonly integrationId: string | null;

  constructor(message: string, retryAt: Date, cap: Cap, integrationId: string | null = null) {
    super(message);
    this.retryAt = retryAt;
    this.cap = cap;
    this.integrationId = integrationId;
  }
}

/** How far a cap is used up. */
interface Use {
  most: number;
  customers: number;
  /** When the first of them was asked for. */
  oldest: Date | null;
}

type Reader = Store['db'] | Tx;

async function useByRole(db: Reader, { perHour }: ErasureCaps, role: Role, at: Date): Promise<Use> {
  const since = new Date(at.getTime() - HOUR_MS);
  const used = await db
    .selectFrom('erasure')
    .select((eb) => [
      eb.fn.count<number>('customer_id').distinct().as('customers'),
      eb.fn.min('requested_at').as('oldest'),
    ])
    .where('requester_role', '=', role)
    .where('requested_at', '>', since)
    .executeTakeFirstOrThrow();
  return { ...used, most: perHour[role] };
}

/**
 * How far the shares of some integrations are used up, in one look at all of them. An integration knows the customers
 * that are or were linked to it or, where it finds by address, all.
 */
async function usesAt(
  db: Reader,
  { sharePerDay }: ErasureCaps,
  integrationIds: readonly string[],
  at: Date,
): Promise<Map<string, Use>> {
  const since = new Date(at.getTime() - DAY_MS);
  const { rows } = await sql<{ id: string; customers: number; oldest: Date | null; known: number }>`
    with asked as (select distinct unnest(${[...integrationIds]}::text[]) as id),
    erased as (
      select task.integration_id as id, erasure.customer_id,
        min(erasure.requested_at) filter (where task.presence <> 'ABSENT') as meant_at
      from erasure join task on task.erasure_id = erasure.id
      where erasure.requested_at > ${since} and task.integration_id in (select id from asked)
      group by task.integration_id, erasure.customer_id
    ),
    linked as (
      select integration_id as id, customer_id from link where integration_id in (select id from asked)
    ),
    used as (select id, count(meant_at)::int as customers, min(meant_at) as oldest from erased group by id),
    known as (
      select id, count(*)::int as known from (
        select id, customer_id from linked union select id, customer_id from erased
        union select asked.id, customer.id from asked cross join customer
          where erased_at is null and asked.id not in (select id from linked)
      ) as customers group by id
    )
    select asked.id, coalesce(customers, 0) as customers, oldest, coalesce(known, 0) as known
    from asked left join used using (id) left join known using (id)
  `.execute(db);
  return new Map(
    rows.map(({ id, customers, oldest, known }) => [
      id,
      { customers, oldest, most: Math.max(LEAST_PER_DAY, Math.floor(known * sharePerDay)) },
    ]),
  );
}

/** The cap of a role that leaves no room for one more deletion; null while there is room. */
export async function roleCapReached(
  db: Reader,
  caps: ErasureCaps,
  role: Role,
  at: Date,
): Promise<ErasureCapError | null> {
  const { customers, most, oldest } = await useByRole(db, caps, role, at);
  if (customers < most) return null;
  const message = `At most ${most} customers an hour may be deleted by the role ${role}.`;
  return new ErasureCapError(message, new Date((oldest ?? at).getTime() + HOUR_MS), 'ROLE_PER_HOUR');
}

/** The cap of an integration whose share leaves no room for one more deletion there; null while there is room. */
function reachedBy(
  { customers, most, oldest }: Use,
  integrationId: string,
  at: Date,
): ErasureCapError | null {
  if (customers < most) return null;
  const message = `At most ${most} customers a day may be deleted at ${integrationId}, a share of those that are known there.`;
  const retryAt = new Date((oldest ?? at).getTime() + DAY_MS);
  return new ErasureCapError(message, retryAt, 'SHARE_PER_DAY', integrationId);
}

const useAt = async (db: Reader, caps: ErasureCaps, integrationId: string, at: Date): Promise<Use> =>
  (await usesAt(db, caps, [integrationId], at)).get(integrationId)!;

/** The cap of an integration that leaves no room for one more deletion there; null while there is room. */
export const shareCapReached = async (
  db: Reader,
  caps: ErasureCaps,
  integrationId: string,
  at: Date,
): Promise<ErasureCapError | null> => reachedBy(await useAt(db, caps, integrationId, at), integrationId, at);

const roomIn = ({ most, customers }: Use): number => Math.max(0, most - customers);

/** How many more customers a role may delete now. */
export const roomOfRole = async (db: Reader, caps: ErasureCaps, role: Role, at: Date): Promise<number> =>
  roomIn(await useByRole(db, caps, role, at));

/** How many more customers may be deleted now at an integration. */
export const roomAt = async (db: Reader, caps: ErasureCaps, integrationId: string, at: Date) =>
  roomIn(await useAt(db, caps, integrationId, at));

/**
 * Refuses one more deletion above a cap. One at a time is counted, over all processes, so that none slips by.
 *
 * @throws {ErasureCapError}
 */
export async function refuseAboveCap(
  tx: Tx,
  caps: ErasureCaps,
  role: Role,
  integrationIds: readonly string[],
  at: Date,
): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('erasure caps'))`.execute(tx);
  const ofRole = await roleCapReached(tx, caps, role, at);
  if (ofRole) throw ofRole;
  const uses = await usesAt(tx, caps, integrationIds, at);
  for (const id of integrationIds) {
    const ofShare = reachedBy(uses.get(id)!, id, at);
    if (ofShare) throw ofShare;
  }
}
