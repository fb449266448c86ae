import { normalised } from '../customer/account-key.ts';
import type { Integration, Notice } from '../providers/provider.ts';

export const PROTECTED: Notice = {
  code: 'PROTECTED',
  message: 'The configuration lists this account among those that are never deleted',
};

/** Whether the configuration says that the account is never deleted. */
export function isProtected({ manifest, protectedIds }: Integration, externalId: string): boolean {
  const formOf = (value: string): string => normalised({ kind: manifest.externalIdKind, value }).value;
  const wanted = formOf(externalId);
  return protectedIds.some((id) => formOf(id) === wanted);
}
