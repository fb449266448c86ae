import type { Store } from '../store/store.ts';

/** The signed proof of an erasure's end. It stays as it is, byte for byte. */
export interface Receipt {
  /** Unguessable: who has it may fetch the receipt. */
  id: string;
  /** Compact JWS (RFC 7515). */
  jws: string;
  issuedAt: Date;
}

interface Row {
  id: string;
  jws: string | null;
  signed_at: Date | null;
}

const receiptOf = ({ id, jws, signed_at: issuedAt }: Row): Receipt | null =>
  jws !== null && issuedAt ? { id, jws, issuedAt } : null;

/** The latest receipts of erasures that the viewer may know of: one answer per id, null where it is not signed yet. */
export async function receiptsOf(store: Store, erasureIds: readonly string[]): Promise<(Receipt | null)[]> {
  const rows = await store.db
    .selectFrom('receipt')
    .distinctOn('erasure_id')
    .selectAll()
    .where('erasure_id', 'in', [...erasureIds])
    .orderBy('erasure_id')
    .orderBy('number', 'desc')
    .execute();
  const latest = new Map(rows.map((row) => [row.erasure_id, receiptOf(row)]));
  return erasureIds.map((id) => latest.get(id) ?? null);
}

/** For whoever has the id. Unknown and not signed yet look the same. */
export async function receiptById(store: Store, id: string): Promise<Receipt | null> {
  const row = await store.db.selectFrom('receipt').selectAll().where('id', '=', id).executeTakeFirst();
  return row ? receiptOf(row) : null;
}
