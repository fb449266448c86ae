import type { Selectable } from 'kysely';
import type { Principal, Role, Scope, TokenIdentity } from '../../access/viewer.ts';
import type { BulkItemTable, BulkTable } from '../../store/bulk-tables.ts';
import { approverToken, requesterToken } from '../backing.ts';
import type { SelectionFilter } from './selection.ts';
import type { BulkState, ItemRefusal, ItemResult } from './words.ts';

/** One deletion of many customers, each by an erasure of its own. */
export interface Bulk {
  id: string;
  state: BulkState;
  reason: string;
  /** Null where customers were named. */
  filter: SelectionFilter | null;
  /** Null: everywhere. */
  integrationIds: readonly string[] | null;
  requester: Principal;
  requestId: string;
  requestedAt: Date;
  approvalExpiresAt: Date | null;
  decidedBy: string | null;
  /** The token that it was approved with. */
  approver: TokenIdentity | null;
  decisionReason: string | null;
  pausedBy: string | null;
  pauseReason: string | null;
  pausedAt: Date | null;
  cancelRequest: { subject: string; role: string; reason: string; at: Date } | null;
  finishedAt: Date | null;
  sequence: number;
}

/** One customer of a bulk. */
export interface BulkItem {
  /** The customer's: there is one item a customer. */
  id: string;
  bulkId: string;
  result: ItemResult | null;
  code: ItemRefusal | null;
  message: string | null;
  erasureId: string | null;
  failures: number;
}

const cancelRequestOf = (row: Selectable<BulkTable>): Bulk['cancelRequest'] =>
  row.cancel_requested_at && {
    subject: row.cancel_requested_by!,
    role: row.cancel_requester_role!,
    reason: row.cancel_reason!,
    at: row.cancel_requested_at,
  };

export const bulkOf = (row: Selectable<BulkTable>): Bulk => ({
  id: row.id,
  state: row.state === 'RUNNING' && row.paused_at ? 'PAUSED' : (row.state as BulkState),
  reason: row.reason,
  filter: row.filter,
  integrationIds: row.integration_ids,
  requester: {
    ...requesterToken(row.requested_by, row),
    role: row.requester_role as Role,
    manager: row.requester_manager,
    scopes: new Set(row.requester_scopes as Scope[]),
  },
  requestId: row.request_id,
  requestedAt: row.requested_at,
  approvalExpiresAt: row.approval_expires_at,
  decidedBy: row.decided_by,
  approver: approverToken(row.decided_by, row),
  decisionReason: row.decision_reason,
  pausedBy: row.paused_by,
  pauseReason: row.pause_reason,
  pausedAt: row.paused_at,
  cancelRequest: cancelRequestOf(row),
  finishedAt: row.finished_at,
  sequence: row.sequence,
});

export const itemOf = (row: Selectable<BulkItemTable>): BulkItem => ({
  id: row.customer_id,
  bulkId: row.bulk_id,
  result: row.result as ItemResult | null,
  code: row.code as ItemRefusal | null,
  message: row.message,
  erasureId: row.erasure_id,
  failures: row.failures,
});
