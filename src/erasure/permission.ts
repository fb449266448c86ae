import type { Viewer } from '../access/viewer.ts';
import type { Customer } from '../customer/customer.ts';
import type { Integration, Notice } from '../providers/provider.ts';
import type { Store } from '../store/store.ts';
import { blockersOf } from './blockers.ts';
import { roleCapReached, shareCapReached, type ErasureCapError } from './cap.ts';
import type { ErasureContext } from './context.ts';
import { standingHolds } from './hold.ts';
import { isMeant, type Plan, type PlanItem } from './plan.ts';

/** Whether one integration's part of a deletion would be begun. */
export interface IntegrationPermission {
  integration: Integration;
  allowed: boolean;
  reasons: readonly Notice[];
}

const MISSING_SCOPE: Notice = { code: 'MISSING_SCOPE', message: 'The scope customers:delete is needed.' };

const ERASURE_OPEN: Notice = {
  code: 'ERASURE_OPEN',
  message: 'An erasure of this customer is already under way.',
};

const capReached = ({ message }: ErasureCapError): Notice => ({ code: 'CAP_REACHED', message });

async function withOpenErasure(db: Store['db'], customerIds: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .selectFrom('erasure')
    .select('customer_id')
    .where('customer_id', 'in', [...customerIds])
    .where('finished_at', 'is', null)
    .execute();
  return new Set(rows.map((row) => row.customer_id));
}

/** Why a viewer may not delete customers, as far as no provider has to be asked: one list a customer, in order. */
export async function refusalsOf(
  { store: { db }, caps, clock }: ErasureContext,
  viewer: Viewer,
  customers: readonly Customer[],
): Promise<Notice[][]> {
  const ids = customers.map(({ id }) => id);
  const [holds, open, cap] = await Promise.all([
    standingHolds(db, ids),
    withOpenErasure(db, ids),
    caps && roleCapReached(db, caps, viewer.role, clock.now()),
  ]);
  const ofViewer: Notice[] = viewer.scopes.has('customers:delete') ? [] : [MISSING_SCOPE];
  if (cap) ofViewer.push(capReached(cap));
  return customers.map((customer, i) => [
    ...ofViewer,
    ...blockersOf({ customer, items: [], held: holds[i]!.length > 0 }),
    ...(open.has(customer.id) ? [ERASURE_OPEN] : []),
  ]);
}

/** Why nobody may be deleted at an integration today; null when somebody may. */
export async function refusalAt(
  { store: { db }, caps, clock }: ErasureContext,
  integrationId: string,
): Promise<Notice | null> {
  const cap = caps && (await shareCapReached(db, caps, integrationId, clock.now()));
  return cap && capReached(cap);
}

/** Why a deletion may not, or may in vain, be begun there. What else it would cause is the plan's to tell. */
const reasonsOf = ({ blockers, warnings, presence }: PlanItem): readonly Notice[] =>
  presence === 'FOUND' ? blockers : [...blockers, ...warnings];

/** What a plan says about each of its integrations; {@link refusalAt} is asked through `refusalThere`. */
export function permissionsOf(
  { items }: Plan,
  refusalThere: (integrationId: string) => Promise<Notice | null>,
): Promise<IntegrationPermission[]> {
  const integrations = [...new Set(items.map(({ integration }) => integration))];
  return Promise.all(
    integrations.map(async (integration) => {
      const here = items.filter((item) => item.integration === integration);
      const refusal = here.some(isMeant) ? await refusalThere(integration.id) : null;
      const reasons = [...here.flatMap(reasonsOf), ...(refusal ? [refusal] : [])];
      const forbidden = refusal !== null || here.some(({ blockers }) => blockers.length > 0);
      return {
        integration,
        allowed: !forbidden && here.some(({ key }) => key !== null),
        reasons: [...new Map(reasons.map((reason) => [reason.code, reason])).values()],
      };
    }),
  );
}
