import { createSecretKey } from 'node:crypto';

const bytes = Buffer.alloc(32, 'fingerprints of the tests');

/** One for all gateways under test, since several may use the same store one after the other. */
export const fingerprintKey = createSecretKey(bytes);

/** What a file holds that gives this key to a command. */
export const FINGERPRINT_KEY_TEXT = bytes.toString('base64');
