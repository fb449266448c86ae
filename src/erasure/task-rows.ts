import { randomUUID } from 'node:crypto';
import type { Account, Integration } from '../providers/provider.ts';
import type { Erasure } from './erasure.ts';
import { rankOf, type PlanItem } from './plan.ts';
import type { AttemptKind } from './words.ts';

/** What a task's first step depends on besides the task. */
type Beginning = Pick<Erasure, 'scheduledFor' | 'suspends'>;

/** A task's first step, once nobody has to approve it any more. */
export function firstStep(
  { account, next }: { account: Account | null; next: string },
  integration: Pick<Integration, 'suspension'> | undefined,
  { scheduledFor, suspends }: Beginning,
) {
  if (scheduledFor === null) return { next, waiting_reason: null, not_before: null };
  if (suspends && account && integration?.suspension)
    return { next: 'SUSPEND', waiting_reason: null, not_before: null };
  return { next, waiting_reason: 'COOL_OFF', not_before: scheduledFor };
}

function kindAfterPlan({ presence, integration }: PlanItem): AttemptKind {
  if (presence === 'ABSENT' || presence === 'UNREACHABLE') return 'PROBE';
  return integration.prepare ? 'PREPARE' : 'DELETE';
}

/** The rows of the tasks that items of a plan come to, which were looked at then. */
export function taskRows(
  erasureId: string,
  items: readonly PlanItem[],
  lookedAt: Date,
  beginning: Beginning | 'AFTER_APPROVAL',
  firstPosition = 0,
) {
  const known = items.filter((item) => item.key !== null);
  return known.map((item, index) => {
    const { integration, presence, key, account } = item;
    const next = kindAfterPlan(item);
    const waiting = { next, waiting_reason: 'APPROVAL', not_before: null };
    return {
      id: randomUUID(),
      erasure_id: erasureId,
      integration_id: integration.id,
      provider: integration.provider,
      position: firstPosition + index,
      rank: rankOf(integration.manifest),
      presence,
      key: JSON.stringify(key),
      account: JSON.stringify(account),
      state: 'PENDING',
      looked_at: lookedAt,
      ...(beginning === 'AFTER_APPROVAL' ? waiting : firstStep({ account, next }, integration, beginning)),
    };
  });
}
