import type { Answer } from './documents.ts';

const list = (faults: readonly { message: string }[]): string =>
  faults.map(({ message }) => message).join(' ');

/**
 * The id of the erasure to watch; throws what to tell the user when there is none. Every answer has a case: when the
 * schema gets another error, this does not compile until somebody has thought about it.
 */
export function erasureOf(answer: Answer): string {
  switch (answer.__typename) {
    case 'DeleteCustomerPayload':
      return answer.erasure.id;
    case 'ErasureAlreadyOpenError':
      return answer.erasure.id;
    case 'ErasureBlockedError':
      throw new Error(`${answer.message} ${list(answer.blockers)}`);
    case 'InvalidInputError':
      throw new Error(answer.issues.map(({ path, message }) => `${path}: ${message}`).join(' '));
    case 'PlanChangedError':
    case 'PlanExpiredError':
      throw new Error(`${answer.message} Look at the plan again.`);
    case 'CustomerNotFoundError':
    case 'ErasureCapError':
    case 'IdempotencyConflictError':
      throw new Error(answer.message);
    default: {
      const unforeseen: never = answer;
      throw new Error(`This client is too old for the answer ${JSON.stringify(unforeseen)}.`);
    }
  }
}
