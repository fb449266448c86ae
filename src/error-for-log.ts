/** What a log tells of an error. */
interface LoggedError {
  type: string;
  code?: unknown;
  message: string;
  stack: string | undefined;
  cause?: unknown;
}

/**
 * An error as a log shows it: by type, code, message and stack, and so its causes. Nothing else, for what libraries hang
 * on their errors (PostgreSQL's `detail`, a statement's parameters) carries what was stored.
 */
export function errorForLog(error: unknown): unknown {
  if (!(error instanceof Error)) return typeof error;
  const { name: type, message, stack, cause } = error;
  const shown: LoggedError = { type, message, stack };
  if ('code' in error) shown.code = error.code;
  if (cause !== undefined) shown.cause = errorForLog(cause);
  return shown;
}
