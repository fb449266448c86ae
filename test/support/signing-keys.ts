import { generateKeyPairSync } from 'node:crypto';

/** A key that a gateway under test signs proofs with, in PEM. */
export const signingKeys = generateKeyPairSync('ed25519')
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
