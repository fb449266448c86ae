import type { Role } from '../access/viewer.ts';
import type { Plan } from './plan.ts';

/** What has to happen between the request and the first delete. */
export interface ErasurePolicy {
  /** Roles whose every erasure somebody else has to approve. */
  approvalFor: ReadonlySet<Role>;
  /** Whether somebody else has to approve what the plan could not look at closely. */
  approvalForHardCases: boolean;
  /** How long a request waits for its approval, in ms. */
  approvalMs: number;
  /** How long every erasure can still be called off, in ms. */
  coolOffMs: number;
  /** Whether accounts are suspended meanwhile, where that can be undone. */
  suspends: boolean;
}

const HOUR_MS = 3_600_000;

export const DEFAULT_POLICY: ErasurePolicy = {
  approvalFor: new Set(),
  approvalForHardCases: false,
  approvalMs: 72 * HOUR_MS,
  coolOffMs: 0,
  suspends: false,
};

/** Something is deleted unseen, its side effects are not known, or an integration holds more than one account. */
function isHardCase({ items }: Plan): boolean {
  const unseen = items.some(({ presence }) => presence === 'UNREACHABLE' || presence === 'UNCONFIRMED');
  const places = items.filter(({ account }) => account !== null).map(({ integration }) => integration.id);
  return unseen || items.some(({ failure }) => failure !== null) || new Set(places).size < places.length;
}

export const needsApproval = (policy: ErasurePolicy, role: Role, plan: Plan): boolean =>
  policy.approvalFor.has(role) || (policy.approvalForHardCases && isHardCase(plan));

/** When an erasure may begin; null: at once. */
export function beginningOf(policy: ErasurePolicy, wanted: Date | null, now: Date): Date | null {
  const earliest = policy.coolOffMs > 0 ? new Date(now.getTime() + policy.coolOffMs) : null;
  if (!earliest || !wanted) return earliest ?? wanted;
  return earliest > wanted ? earliest : wanted;
}
