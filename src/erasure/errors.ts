import type { Notice } from '../providers/provider.ts';
import type { PlanChange } from './plan-hash.ts';
import type { Plan } from './plan.ts';

/** What forbids a deletion: at one integration, or everywhere where that is null. */
export type Blocker = Notice & { integrationId: string | null };

/** The plan forbids the deletion. */
export class ErasureBlockedError extends Error {
  override readonly name = 'ErasureBlockedError';
  readonly blockers: readonly Blocker[];

  constructor(blockers: readonly Blocker[]) {
    super('The deletion is blocked; nothing was deleted.');
    this.blockers = blockers;
  }
}

/** What is there now is not what the plan saw. */
export class PlanChangedError extends Error {
  override readonly name = 'PlanChangedError';
  readonly changes: readonly PlanChange[];
  readonly plan: Plan;

  constructor(changes: readonly PlanChange[], plan: Plan) {
    super('What is there now is not what the plan saw; nothing was deleted.');
    this.changes = changes;
    this.plan = plan;
  }
}

/** The plan is too old, or was of somebody else. */
export class PlanExpiredError extends Error {
  override readonly name = 'PlanExpiredError';
  readonly plan: Plan;

  constructor(plan: Plan) {
    super('The plan has expired, or is not one of this customer; nothing was deleted.');
    this.plan = plan;
  }
}

/** Another erasure of the same customer has not ended. */
export class ErasureAlreadyOpenError extends Error {
  override readonly name = 'ErasureAlreadyOpenError';
  readonly erasureId: string;

  constructor(erasureId: string) {
    super('An erasure of this customer is already under way.');
    this.erasureId = erasureId;
  }
}

/** The idempotency key was used before, for something else. */
export class IdempotencyConflictError extends Error {
  override readonly name = 'IdempotencyConflictError';

  constructor() {
    super('This idempotency key was used for another input.');
  }
}

/** There is no such erasure, or it is of a customer that is not the viewer's: the two look the same. */
export class ErasureNotFoundError extends Error {
  override readonly name = 'ErasureNotFoundError';

  constructor() {
    super('There is no such erasure.');
  }
}

/** Nobody has to approve the erasure, or not any more. */
export class NotAwaitingApprovalError extends Error {
  override readonly name = 'NotAwaitingApprovalError';
  readonly erasureId: string;

  constructor(erasureId: string) {
    super('The erasure does not wait for an approval.');
    this.erasureId = erasureId;
  }
}

/** Somebody else has to approve what one has asked for. */
export class OwnRequestError extends Error {
  override readonly name = 'OwnRequestError';

  constructor() {
    super('Somebody else than the requester has to decide.');
  }
}

/** There is no such task, or it is of a customer that is not the viewer's: the two look the same. */
export class TaskNotFoundError extends Error {
  override readonly name = 'TaskNotFoundError';

  constructor() {
    super('There is no such task.');
  }
}

/** Nothing is left to decide: the task succeeded, goes on by itself, or its erasure was called off. */
export class NothingToResolveError extends Error {
  override readonly name = 'NothingToResolveError';
  readonly erasureId: string;

  constructor(erasureId: string) {
    super('There is nothing to decide.');
    this.erasureId = erasureId;
  }
}

/** The erasure has ended, so there is nothing left to stop. */
export class ErasureFinishedError extends Error {
  override readonly name = 'ErasureFinishedError';
  readonly erasureId: string;

  constructor(erasureId: string) {
    super('The erasure has ended.');
    this.erasureId = erasureId;
  }
}
