import { PlanChangedError, PlanExpiredError } from './errors.ts';
import { driftFrom } from './plan-hash.ts';
import type { Plan } from './plan.ts';

/**
 * The drift guard: what was agreed to is what is done.
 *
 * @throws {PlanChangedError | PlanExpiredError}
 */
export function refuseDrift(hash: string, fresh: Plan, now: Date): void {
  const changes = driftFrom(hash, fresh, now);
  if (!changes) throw new PlanExpiredError(fresh);
  if (changes.length > 0) throw new PlanChangedError(changes, fresh);
}
