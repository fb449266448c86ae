import { randomUUID, type KeyObject } from 'node:crypto';
import { GATEWAY, record } from '../../audit/log.ts';
import { isPlain } from '../../customer/account-key.ts';
import { ownersOf } from '../../customer/owners.ts';
import type { Account, Integration } from '../../providers/provider.ts';
import type { Tx } from '../../store/store.ts';
import { accountFingerprint, emailFingerprint } from '../fingerprint.ts';
import { changeErasureState, load } from '../journal.ts';

/** A page of an integration's accounts. */
export interface SweptPage {
  integration: Integration;
  accounts: readonly Account[];
  /** When it was asked for. */
  askedAt: Date;
}

/** An account that has a fingerprint of somebody who was erased. */
interface Hit {
  account: Account;
  /** The account's own fingerprint, whatever it was recognised by. */
  print: Buffer;
  matchedBy: string;
  customerId: string;
  erasureId: string;
}

const hex = (hash: Uint8Array): string => Buffer.from(hash).toString('hex');

/** Who was erased after the page was asked for may still be on it. The latest erasure counts, by the surest sign. */
async function hitsOn(tx: Tx, key: KeyObject, { integration, accounts, askedAt }: SweptPage): Promise<Hit[]> {
  const prints = accounts
    .filter(({ externalId }) => isPlain(externalId))
    .map((account) => {
      const { externalId, email } = account;
      const print = accountFingerprint(key, { integrationId: integration.id, externalId });
      return { account, print, all: email === null ? [print] : [print, emailFingerprint(key, email)] };
    });
  if (prints.length === 0) return [];
  const known = await tx
    .selectFrom('fingerprint')
    .select(['hash', 'kind', 'customer_id', 'erasure_id'])
    .where(
      'hash',
      'in',
      prints.flatMap(({ all }) => all),
    )
    .where('created_at', '<', askedAt)
    .orderBy('created_at', 'desc')
    .orderBy('kind')
    .execute();
  return prints.flatMap(({ account, print, all }) => {
    const hit = known.find(({ hash }) => all.some((one) => hex(one) === hex(hash)));
    if (!hit) return [];
    const { kind: matchedBy, customer_id: customerId, erasure_id: erasureId } = hit;
    return [{ account, print, matchedBy, customerId, erasureId }];
  });
}

/** Once for each account and erasure. What the erasure says of the integration is corrected. */
async function raise(tx: Tx, { integration }: SweptPage, hit: Hit, at: Date): Promise<void> {
  const { account, print, matchedBy, customerId, erasureId } = hit;
  const integrationId = integration.id;
  const raised = await tx
    .insertInto('reappearance')
    .values({
      id: randomUUID(),
      integration_id: integrationId,
      account: print,
      external_id: account.externalId,
      matched_by: matchedBy,
      customer_id: customerId,
      erasure_id: erasureId,
      first_seen_at: at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!raised) return;
  await tx
    .updateTable('task')
    .set({ verdict: 'REAPPEARED' })
    .where('erasure_id', '=', erasureId)
    .where('integration_id', '=', integrationId)
    .execute();
  const details = { reappearanceId: raised.id, matchedBy, verdict: 'REAPPEARED' };
  const entry = { actor: GATEWAY, customerId, erasureId, integrationId, details };
  await record(tx, { ...entry, action: 'account.reappeared' }, at);
  const { erasure } = await load(tx, erasureId);
  if (erasure.state === 'COMPLETED') await changeErasureState(tx, erasure, 'COMPLETED_WITH_EXCEPTIONS', at);
}

/** Raises the accounts of a page that are of somebody who was erased, and of nobody who is a customer now. */
export async function raiseReappearances(tx: Tx, key: KeyObject, page: SweptPage, at: Date): Promise<void> {
  const hits = await hitsOn(tx, key, page);
  const { integration } = page;
  const owners = await ownersOf(
    tx,
    hits.map(({ account }) => ({ integration, account })),
  );
  for (const [i, hit] of hits.entries()) if (owners[i]!.size === 0) await raise(tx, page, hit, at);
}
