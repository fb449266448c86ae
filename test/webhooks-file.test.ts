import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConfigError, readConfig, type Config } from '../src/config.ts';
import { FINGERPRINT_KEY_TEXT } from './support/fingerprint-key.ts';
import { signingKeys } from './support/signing-keys.ts';

const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const ENTRY = { id: 'crm', url: 'https://crm.example/hooks', secret: { env: 'CRM_SECRET' } };
const SETTINGS = {
  AUTH_ISSUER: 'me',
  AUTH_AUDIENCE: 'you',
  AUTH_JWKS_URL: 'https://keys.test',
  CRM_SECRET: SECRET,
};

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'customer-gateway-webhooks-'));
  const vpn = { id: 'vpn', provider: 'VPN', settings: {} };
  writeFileSync(join(folder, 'integrations.json'), JSON.stringify([vpn]));
  writeFileSync(join(folder, 'proofs.pem'), signingKeys);
  writeFileSync(join(folder, 'fingerprints.key'), FINGERPRINT_KEY_TEXT);
  writeFileSync(join(folder, 'crm-secret'), `${SECRET}\n`);
});

afterAll(() => rmSync(folder, { recursive: true }));

function read(entries: unknown, more: Record<string, string> = {}): Config {
  writeFileSync(join(folder, 'webhooks.json'), JSON.stringify(entries));
  const files = {
    INTEGRATIONS_FILE: join(folder, 'integrations.json'),
    SIGNING_KEY_FILE: join(folder, 'proofs.pem'),
    FINGERPRINT_KEY_FILE: join(folder, 'fingerprints.key'),
    WEBHOOKS_FILE: join(folder, 'webhooks.json'),
  };
  return readConfig(() => [], { ...SETTINGS, ...files, ...more });
}

function refusal(entries: unknown, more?: Record<string, string>): string {
  try {
    read(entries, more);
    return '';
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

describe('WEBHOOKS_FILE', () => {
  test('lists endpoints, their secrets by reference', () => {
    const other = { ...ENTRY, id: 'audit', secret: { file: join(folder, 'crm-secret') } };
    const { webhooks } = read([{ ...ENTRY, types: ['erasure.*', 'cap.reached'] }, other]);
    expect(webhooks.map(({ id, types }) => [id, types])).toEqual([
      ['crm', ['erasure.*', 'cap.reached']],
      ['audit', null],
    ]);
    expect(webhooks.map(({ secret }) => secret.reveal())).toEqual([SECRET, SECRET]);
    expect(JSON.stringify(webhooks)).not.toContain(SECRET);
  });

  test('is not needed, and may list none', () => {
    expect(read([]).webhooks).toEqual([]);
    expect(read([], { WEBHOOKS_FILE: '' }).webhooks).toEqual([]);
  });

  test('may name a receiver without TLS when that is allowed', () => {
    const plain = [{ ...ENTRY, url: 'http://127.0.0.1/hooks' }];
    expect(refusal(plain)).toMatch(/^WEBHOOKS_FILE crm: url must be https, or UNSAFE_ALLOW_HTTP_WEBHOOKS/);
    expect(refusal(plain, { UNSAFE_ALLOW_HTTP_PROVIDERS: 'true' })).not.toBe('');
    expect(refusal(plain, { UNSAFE_ALLOW_HTTP_WEBHOOKS: 'true' })).toMatch(
      /^WEBHOOKS_FILE crm: url names a private address; UNSAFE_ALLOW_PRIVATE_WEBHOOKS/,
    );
    const allowed = { UNSAFE_ALLOW_HTTP_WEBHOOKS: 'true', UNSAFE_ALLOW_PRIVATE_WEBHOOKS: 'true' };
    expect(read(plain, allowed).webhooks).toHaveLength(1);
  });

  test.each<[string, unknown, string]>([
    ['no list', { crm: ENTRY }, 'WEBHOOKS_FILE  Invalid input'],
    ['an id in capitals', [{ ...ENTRY, id: 'CRM' }], 'WEBHOOKS_FILE 0.id must begin'],
    ['one id twice', [ENTRY, ENTRY], 'two endpoints have the same id'],
    ['no URL', [{ ...ENTRY, url: 'crm' }], 'WEBHOOKS_FILE 0.url must be'],
    ['a URL of another kind', [{ ...ENTRY, url: 'ftp://crm.example' }], 'WEBHOOKS_FILE 0.url must be'],
    ['a URL with a password', [{ ...ENTRY, url: 'https://a:b@crm.example' }], 'crm: url must not carry'],
    ['a type that is none', [{ ...ENTRY, types: ['customer.*'] }], 'WEBHOOKS_FILE 0.types.0 must be like'],
    ['no type at all', [{ ...ENTRY, types: [] }], 'WEBHOOKS_FILE 0.types must name'],
    ['an unknown setting', [{ ...ENTRY, retries: 3 }], 'Unrecognized key: "retries"'],
    [
      'a secret as itself',
      [{ ...ENTRY, secret: SECRET }],
      'WEBHOOKS_FILE 0.secret is a secret, to be given by',
    ],
    ['no secret', [{ id: 'crm', url: ENTRY.url }], 'WEBHOOKS_FILE 0.secret is a secret, to be given by'],
    [
      'a secret that is missing',
      [{ ...ENTRY, secret: { env: 'NO' } }],
      'NO is missing: a setting in WEBHOOKS_FILE',
    ],
  ])('%s is refused by name', (_name, entries, line) => {
    const refused = refusal(entries);
    expect(refused).toContain(line);
    expect(refused.split('\n')).toHaveLength(1);
    expect(refused).not.toContain(SECRET);
  });

  test.each([
    ['of another form', 'secret'],
    ['too short', `whsec_${Buffer.alloc(23).toString('base64')}`],
    ['too long', `whsec_${Buffer.alloc(65).toString('base64')}`],
    ['not base64', 'whsec_!!!!'],
  ])('a secret that is %s is refused', (_name, secret) => {
    const refused = refusal([ENTRY], { CRM_SECRET: secret });
    expect(refused).toBe('WEBHOOKS_FILE crm: secret must be whsec_ and 24 to 64 bytes in base64');
  });
});
