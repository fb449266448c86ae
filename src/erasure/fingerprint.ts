import { createHmac, type KeyObject } from 'node:crypto';
import { emailKey } from '../customer/email.ts';
import type { Tx } from '../store/store.ts';
import type { AccountId, Traces } from './traces.ts';

/** What a re-appearing account is recognised by. */
export const FINGERPRINT_KINDS = ['ACCOUNT', 'EMAIL'] as const;
export type FingerprintKind = (typeof FINGERPRINT_KINDS)[number];

/** The parts are told apart by JSON, so that no two inputs ever read the same. */
const hash = (key: KeyObject, parts: [FingerprintKind, ...string[]]): Buffer =>
  createHmac('sha256', key).update(JSON.stringify(parts)).digest();

/** What stays of an e-mail address. Without the key nobody can tell of whom it is, not even by guessing. */
export const emailFingerprint = (key: KeyObject, email: string): Buffer =>
  hash(key, ['EMAIL', emailKey(email)]);

/** What stays of an account. */
export const accountFingerprint = (key: KeyObject, { integrationId, externalId }: AccountId): Buffer =>
  hash(key, ['ACCOUNT', integrationId, externalId]);

/** Keeps the fingerprints of somebody who was erased. Returns those of the accounts. */
export async function keepFingerprints(
  tx: Tx,
  key: KeyObject,
  { emails, accounts }: Traces,
  of: { customerId: string; erasureId: string },
  at: Date,
): Promise<Buffer[]> {
  const common = { customer_id: of.customerId, erasure_id: of.erasureId, created_at: at };
  const ofAccounts = accounts.map((account) => ({
    ...common,
    hash: accountFingerprint(key, account),
    kind: 'ACCOUNT',
    integration_id: account.integrationId,
  }));
  const ofEmails = emails.map((email) => ({
    ...common,
    hash: emailFingerprint(key, email),
    kind: 'EMAIL',
    integration_id: null,
  }));
  const rows = [...ofAccounts, ...ofEmails];
  if (rows.length > 0)
    await tx
      .insertInto('fingerprint')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  return ofAccounts.map((row) => row.hash);
}
