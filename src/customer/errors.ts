import type { ProviderError } from '../providers/provider.ts';

/** One thing wrong with an input. */
export interface InputIssue {
  /** The input field, such as `reason`. */
  path: string;
  message: string;
}

/** The input has the right types and cannot be accepted. */
export class InvalidInputError extends Error {
  override readonly name = 'InvalidInputError';
  readonly issues: readonly InputIssue[];

  constructor(issues: readonly InputIssue[]) {
    super('The input is not valid.');
    this.issues = issues;
  }
}

/** Another customer has this e-mail address. */
export class EmailTakenError extends Error {
  override readonly name = 'EmailTakenError';

  constructor() {
    super('Another customer has this e-mail address.');
  }
}

/** Another customer is linked to this account, and two never share one. */
export class AccountLinkedError extends Error {
  override readonly name = 'AccountLinkedError';

  constructor() {
    super('Another customer is linked to this account.');
  }
}

/** The integration was asked and holds no such account. */
export class AccountNotFoundError extends Error {
  override readonly name = 'AccountNotFoundError';

  constructor() {
    super('The integration holds no such account.');
  }
}

/** The integration holds an account with this e-mail address already. */
export class AccountExistsError extends Error {
  override readonly name = 'AccountExistsError';

  constructor() {
    super('The integration holds such an account already; link it instead.');
  }
}

/** An integration that had to be asked did not do its part. */
export class IntegrationFailedError extends Error {
  override readonly name = 'IntegrationFailedError';
  override readonly cause: ProviderError;

  constructor(cause: ProviderError) {
    super(cause.message);
    this.cause = cause;
  }
}
