import { sql, type Selectable } from 'kysely';
import { signCheckpoint } from '../audit/checkpoint.ts';
import { inclusionProof } from '../audit/tree.ts';
import type { Signer } from '../signing/signing-key.ts';
import type { ReceiptTable } from '../store/erasure-tables.ts';
import type { Store } from '../store/store.ts';
import type { ErasureContext } from './context.ts';
import { RECEIPT_TYP } from './verify-receipt.ts';

/** What makes a receipt provable: the gateway's signature, and the audit log's tree. */
export interface Anchor {
  signer: Signer;
  /** Name of the log. */
  origin: string;
}

/** The audit entry that holds the digest of a receipt, and its place in the tree. */
function anchorOf({ db }: Store, { erasure_id: erasureId, digest }: Selectable<ReceiptTable>) {
  return db
    .selectFrom('audit_entry')
    .innerJoin('audit_leaf', 'audit_leaf.entry_id', 'audit_entry.id')
    .select(['audit_entry.leaf', 'audit_leaf.index'])
    .where('audit_entry.erasure_id', '=', erasureId)
    .where(sql<string>`audit_entry.details ->> 'receipt'`, '=', digest)
    .executeTakeFirst();
}

/** False while the entry has no place in the tree yet. */
async function sign(context: ErasureContext, receipt: Selectable<ReceiptTable>): Promise<boolean> {
  const { store, clock, anchor } = context;
  const at = clock.now();
  const anchored = await anchorOf(store, receipt);
  if (!anchored) return false;
  const { leaf, index } = anchored;
  const checkpoint = await signCheckpoint(store, anchor.signer, anchor.origin, at);
  const proof = await inclusionProof(store.db, index, checkpoint.size);
  const log = {
    entry: leaf,
    index,
    proof: proof.map((hash) => Buffer.from(hash).toString('base64url')),
    checkpoint: checkpoint.jws,
  };
  const jws = await anchor.signer.sign(RECEIPT_TYP, { ...(JSON.parse(receipt.body) as object), log });
  await store.db
    .updateTable('receipt')
    .set({ jws, signed_at: at })
    .where('id', '=', receipt.id)
    .where('jws', 'is', null)
    .execute();
  return true;
}

/**
 * Signs the receipts of an erasure that are not signed yet. Who comes second changes nothing: a receipt stays as it is.
 * False when some wait until the audit log has a place for them.
 */
export async function signReceipts(context: ErasureContext, erasureId: string): Promise<boolean> {
  const { store } = context;
  const unsigned = await store.db
    .selectFrom('receipt')
    .selectAll()
    .where('erasure_id', '=', erasureId)
    .where('jws', 'is', null)
    .execute();
  const signed = await Promise.all(unsigned.map((receipt) => sign(context, receipt)));
  return signed.every(Boolean);
}
