const MAX_LENGTH = 512;

/** Why a value may not become a path segment, or null when it may. */
function refusal(value: string): string | null {
  if (value === '') return 'it is empty';
  if (value === '.' || value === '..') return 'it would change the path';
  if (value.length > MAX_LENGTH) return `it is longer than ${MAX_LENGTH} characters`;
  if (/\p{Cc}/u.test(value)) return 'it contains control characters';
  if (!value.isWellFormed()) return 'it contains lone surrogates';
  return null;
}

/** A value that may not become a path segment. */
export class UnsafeSegmentError extends Error {
  override readonly name = 'UnsafeSegmentError';
}

/**
 * One percent-encoded path segment (RFC 3986, section 3.3). Dot segments and the empty segment are refused: encoding
 * leaves them as they are, and a DELETE on them would reach the collection.
 *
 * @throws {UnsafeSegmentError}
 */
export function segment(value: string): string {
  const reason = refusal(value);
  if (reason) throw new UnsafeSegmentError(`not usable as a key: ${reason}`);
  return encodeURIComponent(value);
}
