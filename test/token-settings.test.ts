import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALGORITHMS } from '../src/access/algorithms.ts';
import { readTokenSettings } from '../src/token-settings.ts';

const pairs = {
  ed25519: generateKeyPairSync('ed25519'),
  ed448: generateKeyPairSync('ed448'),
  'P-256': generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  'P-384': generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  'rsa of 1024 bits': generateKeyPairSync('rsa', { modulusLength: 1024 }),
};

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'customer-gateway-keys-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** What is said of a key file. */
function faultsOf(pem: string, algorithm: (typeof ALGORITHMS)[number]): string[] {
  const file = join(folder, 'key.pem');
  writeFileSync(file, pem);
  const lines: string[] = [];
  readTokenSettings(false, { AUTH_PUBLIC_KEY_FILE: file, AUTH_ALGORITHM: algorithm }, lines);
  return lines;
}

describe('the file with the one key', () => {
  const fitting: Record<string, readonly string[]> = {
    ed25519: ['EdDSA'],
    'P-256': ['ES256'],
    rsa: ['RS256', 'PS256'],
  };

  test.each(Object.entries(pairs))('fits its own algorithms alone: %s', (name, { publicKey }) => {
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const accepted = ALGORITHMS.filter((algorithm) => faultsOf(pem, algorithm).length === 0);
    expect(accepted).toEqual(fitting[name] ?? []);
  });

  test('holds no private key, and no other text', () => {
    const pem = pairs.ed25519.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    for (const text of [pem, '', 'a secret', '-----BEGIN PUBLIC KEY-----'])
      expect(faultsOf(text, 'EdDSA')).toEqual([
        `AUTH_PUBLIC_KEY_FILE names ${join(folder, 'key.pem')}: it is not a public key, PEM (SPKI), for EdDSA`,
      ]);
  });
});
