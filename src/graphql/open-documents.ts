import type { JSONWebKeySet } from 'jose';
import { receiptById } from '../erasure/receipt.ts';
import type { Store } from '../store/store.ts';

/** Something that anyone may fetch, without a token. */
export interface OpenDocument {
  contentType: string;
  body: string;
  /** How long it may be kept by caches; null: not at all. */
  maxAgeSeconds: number | null;
}

/** Where open documents of one kind are. */
export interface OpenRoute {
  /** Its group, where it has one, is the id of the document. */
  path: RegExp;
  read(id: string): Promise<OpenDocument | null>;
}

const KEYS_AGE_SECONDS = 300;

/** Where a receipt is fetched. */
export const receiptPath = (id: string): string => `/receipts/${id}`;

/** All that is open: receipts, which hold nothing personal and are found by their unguessable id alone, and the keys that verify them. */
export const openRoutes = (store: Store, publicKeys: JSONWebKeySet): readonly OpenRoute[] => [
  {
    path: /^\/receipts\/([\w-]{32})$/,
    read: async (id) => {
      const receipt = await receiptById(store, id);
      return receipt && { contentType: 'application/jose', body: receipt.jws, maxAgeSeconds: null };
    },
  },
  {
    path: /^\/\.well-known\/jwks\.json$/,
    read: () =>
      Promise.resolve({
        contentType: 'application/jwk-set+json',
        body: JSON.stringify(publicKeys),
        maxAgeSeconds: KEYS_AGE_SECONDS,
      }),
  },
];
