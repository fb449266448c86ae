import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { registerPeople } from '../../src/commands/launch-sandbox.ts';
import { ENGAGELAB_APP } from '../../src/sandbox/engagelab.ts';
import { LEARN_TENANT } from '../../src/sandbox/learn.ts';
import { ONELOGIN_CLIENT } from '../../src/sandbox/onelogin-tokens.ts';
import { PARTICLE_CLIENT, PARTICLE_PRODUCT } from '../../src/sandbox/particle.ts';
import { VPN_TOKEN } from '../../src/sandbox/vpn.ts';
import { openStore, type StoreLocation } from '../../src/store/store.ts';
import { FINGERPRINT_KEY_TEXT } from '../support/fingerprint-key.ts';
import { signingKeys } from '../support/signing-keys.ts';
import { mintToken, tokenSettings } from '../support/tokens.ts';
import type { Setting } from './place.ts';
import { POPULATION } from './population.ts';

const CALLERS = 64;

/** More than a machine can ask for, so that the limits are kept and do not bind. */
const LIMITS = { rateLimit: { requests: 1_000_000, perSeconds: 10 } };

/** An entry of the integrations file. */
interface Entry {
  id: string;
  provider: string;
  settings: Record<string, unknown>;
  limits: object;
}

/** What an operator would write into the integrations file. */
export function integrations(urls: Setting['urls']): Entry[] {
  const entry = (id: string, provider: string, settings: object): Entry => ({
    id,
    provider,
    settings: { baseUrl: urls[id], ...settings },
    limits: LIMITS,
  });
  const secret = (value: string) => ({ env: value });
  return [
    entry('particle', 'PARTICLE', {
      product: PARTICLE_PRODUCT,
      clientId: PARTICLE_CLIENT.id,
      clientSecret: secret('PARTICLE_SECRET'),
    }),
    entry('engagelab', 'ENGAGELAB', { appKey: ENGAGELAB_APP.key, masterSecret: secret('ENGAGELAB_SECRET') }),
    entry('learn', 'LEARN', { tenantId: LEARN_TENANT.id, apiSecret: secret('LEARN_SECRET'), auth: 'OAUTH2' }),
    entry('vpn', 'VPN', { token: secret('VPN_TOKEN'), lookup: true }),
    entry('onelogin', 'ONELOGIN', { clientId: ONELOGIN_CLIENT.id, clientSecret: secret('ONELOGIN_SECRET') }),
  ];
}

/** The environment of `serve`: what its documentation calls for, and the limits of callers as wide as they go. */
export function environment(folder: string, port: number): Record<string, string> {
  return {
    PATH: process.env['PATH']!,
    PORT: String(port),
    DATA_DIR: join(folder, 'data'),
    INTEGRATIONS_FILE: join(folder, 'integrations.json'),
    AUTH_ISSUER: tokenSettings.issuer,
    AUTH_AUDIENCE: tokenSettings.audience,
    AUTH_PUBLIC_KEY_FILE: join(folder, 'tokens.pem'),
    SIGNING_KEY_FILE: join(folder, 'proofs.pem'),
    FINGERPRINT_KEY_FILE: join(folder, 'fingerprints.key'),
    UNSAFE_ALLOW_HTTP_PROVIDERS: 'true',
    UNSAFE_ALLOW_PRIVATE_PROVIDERS: 'true',
    RATE_LIMIT: '1000000',
    MANAGER_RATE_LIMIT: '1000000',
    PARTICLE_SECRET: PARTICLE_CLIENT.secret,
    ENGAGELAB_SECRET: ENGAGELAB_APP.secret,
    LEARN_SECRET: LEARN_TENANT.secret,
    VPN_TOKEN,
    ONELOGIN_SECRET: ONELOGIN_CLIENT.secret,
  };
}

/** Writes what `serve` needs, and a file of tokens for many callers. Returns these. */
export async function writeFiles(folder: string, urls: Setting['urls']): Promise<string[]> {
  writeFileSync(join(folder, 'integrations.json'), JSON.stringify(integrations(urls)));
  writeFileSync(join(folder, 'tokens.pem'), (tokenSettings.key as { publicKey: string }).publicKey);
  writeFileSync(join(folder, 'proofs.pem'), signingKeys);
  writeFileSync(join(folder, 'fingerprints.key'), FINGERPRINT_KEY_TEXT);
  const callers = Array.from({ length: CALLERS }, (_, i) => `caller-${i}`);
  const minted = callers.map((subject) => mintToken({ role: 'ADMIN', subject, expiresIn: 7_200 }));
  const tokens = await Promise.all(minted);
  writeFileSync(tokensFile(folder), `${tokens.join('\n')}\n`);
  return tokens;
}

export const tokensFile = (folder: string): string => join(folder, 'tokens');

/** Makes everyone known to a store. Returns their global ids. */
export async function registerEveryone(location: StoreLocation, population = POPULATION): Promise<string[]> {
  const store = await openStore(location);
  const known = await registerPeople(store, population);
  await store.close();
  return known.map((id) => Buffer.from(`Customer:${id}`).toString('base64url'));
}
