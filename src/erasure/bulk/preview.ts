import type { Principal, Role } from '../../access/viewer.ts';
import type { Customer } from '../../customer/customer.ts';
import type { ErasureContext } from '../context.ts';
import { standingHolds } from '../hold.ts';
import { PreviewChangedError, PreviewExpiredError } from './errors.ts';
import { driftSince, type PreviewOf } from './preview-hash.ts';
import { take } from './selection.ts';

/** Why the deletion of some customers would be refused, as far as it is known without asking a provider. */
export const KNOWN_BLOCKS = ['HOLD', 'ALREADY_ERASED', 'OPEN_ERASURE'] as const;

/** How many customers one such reason stands against. */
export interface Blocked {
  code: (typeof KNOWN_BLOCKS)[number];
  customers: number;
}

/** The read-only look before a bulk: who it would be about. */
export interface Preview {
  of: PreviewOf;
  /** Role of whoever asks for the deletion. */
  role: Role;
  createdAt: Date;
  /** In the order of their ids. */
  customers: readonly Customer[];
  notFound: number;
  /** Whether somebody else has to approve. */
  needsApproval: boolean;
}

/** Looks who is selected now, and changes nothing. @throws {BulkTooLargeError} */
export async function makePreview(
  context: ErasureContext,
  viewer: Principal,
  of: PreviewOf,
  most = context.bulk.most,
): Promise<Preview> {
  const createdAt = context.clock.now();
  const selected = await take(context, viewer, of.selection, most);
  const { approvalAbove } = context.bulk;
  const needsApproval = approvalAbove !== null && selected.customers.length > approvalAbove;
  return { of, role: viewer.role, createdAt, ...selected, needsApproval };
}

/** @throws {PreviewExpiredError | PreviewChangedError} unless the hash stands for exactly what the fresh look shows. */
export function refuseUnconfirmed(hash: string, fresh: Preview): void {
  const ids = fresh.customers.map(({ id }) => id);
  const drift = driftSince(hash, fresh.of, ids, fresh.createdAt);
  if (!drift) throw new PreviewExpiredError(fresh);
  if (drift.more > 0 || drift.fewer > 0) throw new PreviewChangedError(drift, fresh);
}

/** Whom the deletion would be refused for, counted. One customer may be counted under several reasons. */
export async function blockedOf({ store }: ErasureContext, { customers }: Preview): Promise<Blocked[]> {
  if (customers.length === 0) return [];
  const ids = customers.map(({ id }) => id);
  const holds = await standingHolds(store.db, ids);
  const open = await store.db
    .selectFrom('erasure')
    .select('customer_id')
    .where('customer_id', 'in', ids)
    .where('finished_at', 'is', null)
    .execute();
  const counts: Record<Blocked['code'], number> = {
    HOLD: holds.filter((some) => some.length > 0).length,
    ALREADY_ERASED: customers.filter(({ erasedAt }) => erasedAt !== null).length,
    OPEN_ERASURE: open.length,
  };
  return KNOWN_BLOCKS.map((code) => ({ code, customers: counts[code] })).filter((one) => one.customers > 0);
}
