import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { Store } from '../store/store.ts';

const BYTES = 32;
const FORMS = { hex: /^[0-9a-f]{64}$/i, base64: /^[A-Za-z0-9+/]{43}=?$/ } as const;

/** The key that a text holds, 32 bytes as base64 or hex; null when it holds none. Printing a key shows nothing of it. */
export function readFingerprintKey(text: string): KeyObject | null {
  const trimmed = text.trim();
  const encoding = FORMS.hex.test(trimmed) ? 'hex' : FORMS.base64.test(trimmed) ? 'base64' : null;
  const bytes = encoding && Buffer.from(trimmed, encoding);
  return bytes?.length === BYTES ? createSecretKey(bytes) : null;
}

/** Refuses another key than the one that the database was first used with: under it nobody would be recognised. */
export async function checkFingerprintKey({ db }: Store, key: KeyObject): Promise<void> {
  const mark = createHmac('sha256', key).update('the key of this database').digest();
  await db
    .insertInto('fingerprint_key')
    .values({ mark })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const known = await db.selectFrom('fingerprint_key').select('mark').executeTakeFirstOrThrow();
  if (mark.equals(known.mark)) return;
  throw new Error(
    'The fingerprint key is not the one that this database was used with: nobody who was erased would be recognised.',
  );
}
