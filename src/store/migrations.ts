import type { Kysely, Migration, RawBuilder } from 'kysely';
import { firstTables } from './migrations/0001-first-tables.ts';
import { imports } from './migrations/0002-imports.ts';
import { holdsAndPause } from './migrations/0003-holds-and-pause.ts';
import { approvalAndReview } from './migrations/0004-approval-and-review.ts';
import { auditTree } from './migrations/0005-audit-tree.ts';
import { receipts } from './migrations/0006-receipts.ts';
import { webhooks } from './migrations/0007-webhooks.ts';
import { bulkErasures } from './migrations/0008-bulk-erasures.ts';
import { forgetting } from './migrations/0009-forgetting.ts';
import { tokenRevocations } from './migrations/0010-token-revocations.ts';
import { callerLimits } from './migrations/0011-caller-limits.ts';
import { managerTree } from './migrations/0012-manager-tree.ts';
import { customerChanges } from './migrations/0013-customer-changes.ts';

const up = (statements: RawBuilder<unknown>): Migration => ({
  up: async (db: Kysely<unknown>) => void (await statements.execute(db)),
});

/** Every change of the database, in order. Forward only: a released migration is never edited. */
export const migrations: Record<string, Migration> = {
  '0001': up(firstTables),
  '0002': up(imports),
  '0003': up(holdsAndPause),
  '0004': up(approvalAndReview),
  '0005': up(auditTree),
  '0006': up(receipts),
  '0007': up(webhooks),
  '0008': up(bulkErasures),
  '0009': up(forgetting),
  '0010': up(tokenRevocations),
  '0011': up(callerLimits),
  '0012': up(managerTree),
  '0013': up(customerChanges),
};
