import type { Manifest } from '../../../src/providers/provider.ts';

export const PLACES = ['refuser', 'steady', 'slow', 'blind', 'anchor'] as const;

/** A kind of simulated provider. */
export type Place = (typeof PLACES)[number];

const SECOND_MS = 1_000;

const ANY = /^.+$/;
const base = {
  deletion: 'SYNCHRONOUS',
  canRefuse: false,
  anchor: false,
  sideEffects: [],
  credentialScopes: [],
  rateLimit: null,
} as const;
const byId = { kind: 'USER_ID', pattern: ANY, batch: 10 } as const;
const byEmail = { kind: 'EMAIL', pattern: ANY, batch: 10 } as const;
const atOnce = { verification: { waitsMs: [0] } };

export const MANIFESTS: Record<Place, Manifest> = {
  refuser: {
    ...base,
    ...atOnce,
    keys: [byId, byEmail],
    externalIdKind: 'USER_ID',
    leaves: 'SOFT_DELETED',
    canRefuse: true,
  },
  steady: { ...base, ...atOnce, keys: [byEmail], externalIdKind: 'EMAIL', leaves: 'REDACTED' },
  slow: {
    ...base,
    keys: [{ kind: 'REGISTRATION_ID', pattern: ANY, batch: 1 }],
    externalIdKind: 'REGISTRATION_ID',
    leaves: 'REMOVED',
    deletion: 'ASYNCHRONOUS',
    verification: { waitsMs: [0, 60 * SECOND_MS, 120 * SECOND_MS] },
  },
  blind: { ...base, keys: [], externalIdKind: 'REF', leaves: 'REMOVED', verification: null },
  anchor: {
    ...base,
    ...atOnce,
    keys: [byId, byEmail],
    externalIdKind: 'USER_ID',
    leaves: 'REMOVED',
    anchor: true,
  },
};

/** Whether accounts carry a mark of their creation. */
export const hasIdentities = (place: Place): boolean => place !== 'slow' && place !== 'blind';
