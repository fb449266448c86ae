import type { Context } from './context.ts';

/** Whether what the audit log wrote down names a manager whom the viewer may not know of: a customer's of before. */
export async function namesForeignManager(details: object, context: Context): Promise<boolean> {
  const { managerId } = details as { managerId?: unknown };
  return typeof managerId === 'string' && (await context.loaders().managers.load(managerId)) === null;
}
