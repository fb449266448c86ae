import { createSecretKey } from 'node:crypto';

/** One for all gateways under test, since several may use the same store one after the other. */
export const fingerprintKey = createSecretKey(Buffer.alloc(32, 'fingerprints of the tests'));
