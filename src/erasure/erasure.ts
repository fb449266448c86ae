import type { Selectable } from 'kysely';
import type { TokenIdentity } from '../access/viewer.ts';
import type { Account, AccountKey, ProviderErrorCode } from '../providers/provider.ts';
import type { AttemptTable, ErasureTable, TaskTable } from '../store/erasure-tables.ts';
import { approverToken, requesterToken } from './backing.ts';
import type {
  AttemptKind,
  ErasureState,
  Outcome,
  Presence,
  Resolution,
  TaskState,
  Verdict,
  WaitingReason,
} from './words.ts';

/** Why a task ended without having done its part; a provider's error code, or a reason of the gateway's own. */
export type TaskErrorCode =
  | ProviderErrorCode
  | 'RECREATED'
  | 'APPEARED_AFTER_PLAN'
  | 'LINKED_TO_ANOTHER_CUSTOMER'
  | 'PROTECTED'
  | 'AMBIGUOUS'
  | 'STILL_PRESENT'
  | 'INTEGRATION_GONE'
  | 'NOT_AUTHORISED'
  | 'HELD'
  | 'SKIPPED'
  | 'BLOCKER'
  | 'REFUSED_ELSEWHERE';

/** One deletion of one customer. */
export interface Erasure {
  id: string;
  customerId: string;
  state: ErasureState;
  /** Whether every integration was meant, and not some that were named. */
  everywhere: boolean;
  /** The integrations that were named; null where every one was meant. */
  integrationIds: readonly string[] | null;
  /** Of the plan that was agreed to. */
  planHash: string | null;
  /** When it may begin; null: at once. */
  scheduledFor: Date | null;
  /** Whether accounts are suspended until it begins, where that can be undone. */
  suspends: boolean;
  /** Until when somebody else has to approve it; null where nobody has to. */
  approvalExpiresAt: Date | null;
  approvedBy: string | null;
  approvedAt: Date | null;
  deniedAt: Date | null;
  /** 1, and one more each time that it is begun again after its end. */
  run: number;
  reason: string;
  requestedBy: string;
  requesterRole: string;
  requesterManager: string | null;
  /** The token that it was asked for with, and the one that it was approved with. When one is revoked, it stops. */
  requester: TokenIdentity;
  approver: TokenIdentity | null;
  requestedAt: Date;
  /** When the point of no return was passed. */
  irreversibleAt: Date | null;
  cancelRequestedAt: Date | null;
  finishedAt: Date | null;
  sequence: number;
}

/** One integration's part of an erasure. */
export interface Task {
  id: string;
  erasureId: string;
  integrationId: string;
  provider: string;
  rank: number;
  presence: Presence;
  /** Null once the customer was forgotten; an open task has one. */
  key: AccountKey | null;
  account: Account | null;
  state: TaskState;
  /** What comes next. */
  next: AttemptKind;
  /** What the provider says it did. It becomes the outcome when the task ends. */
  claimed: Outcome | null;
  outcome: Outcome | null;
  verdict: Verdict | null;
  waitingReason: WaitingReason | null;
  notBefore: Date | null;
  /** A delete was sent whose answer was lost. */
  outcomeUnknown: boolean;
  looks: number;
  failures: number;
  errorCode: TaskErrorCode | null;
  errorMessage: string | null;
  /** The provider's own words to a refusal. */
  providerReason: string | null;
  /** When the account was last looked at before its delete; null: long ago. */
  lookedAt: Date | null;
  /** The account is suspended, or may be, and can be restored. */
  suspended: boolean;
  /** The account that a person has to judge, or has judged and that is not deleted yet; null where it is none, or several. */
  doubted: Account | null;
  /** What an operator decided last. */
  resolution: Resolution | null;
  resolvedBy: string | null;
  resolutionReason: string | null;
  deletedAt: Date | null;
  finishedAt: Date | null;
}

/** One HTTP try of a task. */
export interface Attempt {
  taskId: string;
  number: number;
  kind: AttemptKind;
  startedAt: Date;
  finishedAt: Date | null;
  /** `OK`, a provider's error code, or null where the process died before it knew. */
  result: 'OK' | ProviderErrorCode | 'INTERRUPTED' | null;
}

export const erasureOf = (row: Selectable<ErasureTable>): Erasure => ({
  id: row.id,
  customerId: row.customer_id,
  state: row.state as ErasureState,
  everywhere: row.everywhere,
  integrationIds: row.integration_ids,
  planHash: row.plan_hash,
  scheduledFor: row.scheduled_for,
  suspends: row.suspends,
  approvalExpiresAt: row.approval_expires_at,
  approvedBy: row.approved_by,
  approvedAt: row.approved_at,
  deniedAt: row.denied_at,
  run: row.run,
  reason: row.reason,
  requestedBy: row.requested_by,
  requesterRole: row.requester_role,
  requesterManager: row.requester_manager,
  requester: requesterToken(row.requested_by, row),
  approver: approverToken(row.approved_by, row),
  requestedAt: row.requested_at,
  irreversibleAt: row.irreversible_at,
  cancelRequestedAt: row.cancel_requested_at,
  finishedAt: row.finished_at,
  sequence: row.sequence,
});

export const taskOf = (row: Selectable<TaskTable>): Task => ({
  id: row.id,
  erasureId: row.erasure_id,
  integrationId: row.integration_id,
  provider: row.provider,
  rank: row.rank,
  presence: row.presence as Presence,
  key: row.key as AccountKey | null,
  account: row.account as Account | null,
  state: row.state as TaskState,
  next: row.next as AttemptKind,
  claimed: row.claimed as Outcome | null,
  outcome: row.outcome as Outcome | null,
  verdict: row.verdict as Verdict | null,
  waitingReason: row.waiting_reason as WaitingReason | null,
  notBefore: row.not_before,
  outcomeUnknown: row.outcome_unknown,
  looks: row.looks,
  failures: row.failures,
  errorCode: row.error_code as TaskErrorCode | null,
  errorMessage: row.error_message,
  providerReason: row.provider_reason,
  lookedAt: row.looked_at,
  suspended: row.suspended,
  doubted: row.doubted as Account | null,
  resolution: row.resolution as Resolution | null,
  resolvedBy: row.resolved_by,
  resolutionReason: row.resolution_reason,
  deletedAt: row.deleted_at,
  finishedAt: row.finished_at,
});

export const attemptOf = (row: Selectable<AttemptTable>): Attempt => ({
  taskId: row.task_id,
  number: row.number,
  kind: row.kind as AttemptKind,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
  result: row.result as Attempt['result'],
});
