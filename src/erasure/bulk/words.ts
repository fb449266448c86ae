/** The kind of durable work that a bulk is. */
export const BULK_JOB = 'bulk';

export const BULK_STATES = [
  'AWAITING_APPROVAL',
  'RUNNING',
  'PAUSED',
  'COMPLETED',
  'CANCELED',
  'DENIED',
] as const;
export type BulkState = (typeof BULK_STATES)[number];

/** What came of one customer of a bulk. */
export const ITEM_RESULTS = ['CREATED', 'ALREADY_OPEN', 'REFUSED'] as const;
export type ItemResult = (typeof ITEM_RESULTS)[number];

/** Why the deletion of one customer of a bulk was refused. */
export const ITEM_REFUSALS = [
  'HOLD',
  'ALREADY_ERASED',
  'BLOCKED',
  'CAP',
  'NOT_FOUND',
  'CHANGED',
  'INVALID',
  'CANCELED',
  'DENIED',
  'NOT_AUTHORISED',
  'FAILED',
] as const;
export type ItemRefusal = (typeof ITEM_REFUSALS)[number];
