import type { Role } from '../access/viewer.ts';
import { reachOf } from '../access/viewer.ts';
import { withinReach } from '../customer/reach.ts';
import { revocationsOf } from '../revocation/any-revoked.ts';
import type { Store, Tx } from '../store/store.ts';
import type { Standing } from './choose.ts';
import type { Erasure } from './erasure.ts';

/** Customers and managers move, holds are placed, tokens are revoked, and everything may be halted while an erasure waits. */
export async function standingOf(db: Store['db'] | Tx, erasure: Erasure): Promise<Standing> {
  const { customerId, requester, approver } = erasure;
  const reach = reachOf({ role: erasure.requesterRole as Role, manager: erasure.requesterManager });
  const row = await db
    .selectNoFrom((eb) => [
      eb
        .exists(
          eb
            .selectFrom('customer')
            .select('customer.id')
            .where('customer.id', '=', customerId)
            .where(withinReach(reach)),
        )
        .as('reached'),
      eb
        .selectFrom('hold')
        .select('ground')
        .where('customer_id', '=', customerId)
        .where('released_at', 'is', null)
        .orderBy('placed_at')
        .limit(1)
        .as('ground'),
      eb.exists(eb.selectFrom('pause').select('singleton')).as('paused'),
      eb.exists(revocationsOf(eb, [requester, approver])).as('revoked'),
    ])
    .executeTakeFirstOrThrow();
  return {
    authorised: row.reached === true && row.revoked === false,
    heldFor: row.ground,
    paused: row.paused !== false,
  };
}
