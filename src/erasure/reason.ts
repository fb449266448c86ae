import { InvalidInputError } from '../customer/errors.ts';

const MAX_REASON = 500;

/** @throws {InvalidInputError} when a reason is missing or too long. */
export function checkReason(reason: string): void {
  const path = 'reason';
  if (reason.trim() === '') throw new InvalidInputError([{ path, message: 'A reason is required.' }]);
  if (reason.length > MAX_REASON)
    throw new InvalidInputError([{ path, message: `At most ${MAX_REASON} characters.` }]);
}
