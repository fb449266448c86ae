import type { Http, HttpAnswer, HttpCall } from './http.ts';
import { userId } from './onelogin-answers.ts';
import type { Account, Suspension } from './provider.ts';

/** User status by its number. There is no 6. Source: developers.onelogin.com/api-docs/2/users/user-resource. */
const STATUS: Record<number, string> = {
  0: 'unactivated',
  1: 'active',
  2: 'suspended',
  3: 'locked',
  4: 'password expired',
  5: 'awaiting password reset',
  7: 'password pending',
  8: 'security questions required',
};

const ACTIVE = 1;
const SUSPENDED = 2;

export const statusName = (status: number): string => STATUS[status] ?? String(status);

/** The number of the status that an account was found with. */
const statusOf = (name: string | null): number =>
  Number(Object.keys(STATUS).find((number) => STATUS[Number(number)] === name) ?? ACTIVE);

/** Suspends by the status of a user: developers.onelogin.com/api-docs/2/users/update-user. */
export function oneloginSuspension<Facts extends { status: string | null }>(
  http: Http,
  send: (call: HttpCall) => Promise<HttpAnswer>,
): Suspension<Facts> {
  const setStatus = async (
    operation: string,
    { externalId }: Account<Facts>,
    status: number,
    signal: AbortSignal,
  ): Promise<void> => {
    const path = ['users', userId(http, operation, externalId)];
    await send({ operation, method: 'PUT', path, json: { status }, signal });
  };
  return {
    suspend: (account, signal) => setStatus('suspend', account, SUSPENDED, signal),
    restore: (account, signal) => setStatus('restore', account, statusOf(account.facts.status), signal),
  };
}
