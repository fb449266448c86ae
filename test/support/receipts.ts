import { vi } from 'vitest';
import type { Api } from './api.ts';

interface Receipt {
  id: string;
  jws: string;
  issuedAt: string;
  path: string;
}

const RECEIPT = 'query ($id: ID!) { erasure(id: $id) { receipt { id jws issuedAt path } } }';

const DEADLINE_MS = 10_000;

/** The receipt of an erasure that has ended, once it is signed. */
export function receiptOf(api: Api, erasureId: string): Promise<Receipt> {
  const look = async (): Promise<Receipt | null> =>
    (await api.data(RECEIPT, { id: erasureId })).erasure.receipt;
  return vi.waitUntil(look, { timeout: DEADLINE_MS, interval: 20 });
}

/** What a JWS says, unverified. */
export function payloadOf(jws: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(jws.split('.')[1]!, 'base64url').toString('utf8')) as Record<string, unknown>;
}
