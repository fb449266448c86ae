import type { TokenRevocationTable } from './access-tables.ts';
import type {
  ManagerTable,
  CustomerTable,
  LinkTable,
  ImportTable,
  ImportRowTable,
} from './customer-tables.ts';
import type {
  ErasureTable,
  TaskTable,
  AttemptTable,
  HoldTable,
  PauseTable,
  ReceiptTable,
} from './erasure-tables.ts';
import type { BulkTable, BulkItemTable } from './bulk-tables.ts';
import type { AuditEntryTable, AuditPendingTable, AuditLeafTable, AuditNodeTable } from './audit-tables.ts';
import type {
  FingerprintKeyTable,
  FingerprintTable,
  SweepTable,
  SweepPositionTable,
  ReappearanceTable,
} from './afterwards-tables.ts';
import type { CallerLimitTable, WebhookDeliveryTable, RateLimitTable } from './traffic-tables.ts';

/** Every table, by name. */
export interface Database {
  manager: ManagerTable;
  customer: CustomerTable;
  link: LinkTable;
  erasure: ErasureTable;
  task: TaskTable;
  attempt: AttemptTable;
  audit_entry: AuditEntryTable;
  audit_pending: AuditPendingTable;
  audit_leaf: AuditLeafTable;
  audit_node: AuditNodeTable;
  hold: HoldTable;
  pause: PauseTable;
  receipt: ReceiptTable;
  bulk_erasure: BulkTable;
  bulk_item: BulkItemTable;
  customer_import: ImportTable;
  import_row: ImportRowTable;
  rate_limit: RateLimitTable;
  caller_limit: CallerLimitTable;
  webhook_delivery: WebhookDeliveryTable;
  fingerprint_key: FingerprintKeyTable;
  fingerprint: FingerprintTable;
  sweep: SweepTable;
  sweep_position: SweepPositionTable;
  reappearance: ReappearanceTable;
  token_revocation: TokenRevocationTable;
}
