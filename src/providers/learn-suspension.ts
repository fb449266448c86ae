import { z } from 'zod';
import { read } from './answer.ts';
import { ProviderError } from './error.ts';
import type { Http, HttpAnswer, HttpCall } from './http.ts';
import type { Account, Suspension } from './provider.ts';

const lifecycleBody = z.object({ active: z.boolean() });

/**
 * Suspends by docs.thrivelearning.com/apidocs/suspend-a-user. No page tells how to undo it: the end date is cleared by
 * an update, and only an answer that says `active` is believed.
 */
export function learnSuspension<Facts extends { status: string | null }>(
  http: Http,
  send: (call: HttpCall) => Promise<HttpAnswer>,
): Suspension<Facts> {
  const setActive = async (
    active: boolean,
    { externalId, facts }: Account<Facts>,
    signal: AbortSignal,
  ): Promise<void> => {
    if (facts.status === 'inactive') return;
    const operation = active ? 'restore' : 'suspend';
    const path = ['v2', 'users', 'ref', externalId, ...(active ? [] : ['suspend'])];
    const json = active ? { endDate: null } : {};
    const answer = await send({ operation, method: 'PATCH', path, json, signal });
    if (read(http, operation, lifecycleBody, answer).active === active) return;
    const reason = `the user is ${active ? 'still' : 'not'} suspended`;
    throw new ProviderError('UNEXPECTED_RESPONSE', { provider: http.provider, operation, reason });
  };
  return {
    suspend: (account, signal) => setActive(false, account, signal),
    restore: (account, signal) => setActive(true, account, signal),
  };
}
