/** SQLSTATE 23505, PostgreSQL appendix A. */
const UNIQUE_VIOLATION = '23505';

/** Whether a statement failed because somebody else was faster to take a unique value. */
export const isUniqueViolation = (error: unknown): boolean =>
  (error as { code?: string } | null)?.code === UNIQUE_VIOLATION;
