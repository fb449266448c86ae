import type { InputIssue } from '../customer/errors.ts';
import type { Integration } from '../providers/provider.ts';

export const MAX_REASON = 500;
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

/** What is wrong with a reason. */
export function issuesOfReason(reason: string, path = 'reason'): InputIssue[] {
  if (reason.trim() === '') return [{ path, message: 'A reason is required.' }];
  if (/[^\P{Cc}\n\t]/u.test(reason)) return [{ path, message: 'No control characters.' }];
  return reason.length > MAX_REASON ? [{ path, message: `At most ${MAX_REASON} characters.` }] : [];
}

/** What is wrong with the integrations that are named; null: all are meant. */
export function issuesOfIntegrations(
  ids: readonly string[] | null,
  integrations: ReadonlyMap<string, Integration>,
): InputIssue[] {
  const path = 'integrationIds';
  if (ids?.length === 0) return [{ path, message: 'Name at least one, or leave it out.' }];
  const unknown = ids?.some((id) => !integrations.has(id));
  return unknown ? [{ path, message: 'There is no such integration.' }] : [];
}

/** What is wrong with a request to delete, of one customer or of many. */
export function issuesOf(
  request: { reason: string; idempotencyKey: string | null; integrationIds: readonly string[] | null },
  integrations: ReadonlyMap<string, Integration>,
): InputIssue[] {
  const { reason, idempotencyKey, integrationIds } = request;
  const message = '1 to 255 printable ASCII characters without spaces.';
  const badKey = idempotencyKey !== null && !IDEMPOTENCY_KEY.test(idempotencyKey);
  return [
    ...issuesOfReason(reason),
    ...(badKey ? [{ path: 'idempotencyKey', message }] : []),
    ...issuesOfIntegrations(integrationIds, integrations),
  ];
}
