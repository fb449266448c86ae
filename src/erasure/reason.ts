import { InvalidInputError } from '../customer/errors.ts';
import type { Identity } from './identity.ts';
import { issuesOfReason } from './issues.ts';
import { refusePersonalText } from './personal-text.ts';

/** @throws {InvalidInputError} when a reason is missing, too long, or names somebody. */
export function checkReason(reason: string, identity?: Identity, path = 'reason'): void {
  const issues = issuesOfReason(reason, path);
  if (issues.length > 0) throw new InvalidInputError(issues);
  refusePersonalText({ [path]: reason }, identity);
}
