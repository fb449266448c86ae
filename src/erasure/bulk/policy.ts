/** What deletions of many customers are held to. */
export interface BulkPolicy {
  /** The most customers of one bulk. */
  most: number;
  /** Above so many customers, somebody else has to approve; null: never. */
  approvalAbove: number | null;
  /** Hours after which nobody can approve any more. */
  approvalHours: number;
}

export const DEFAULT_BULK_POLICY: BulkPolicy = { most: 100, approvalAbove: null, approvalHours: 72 };
