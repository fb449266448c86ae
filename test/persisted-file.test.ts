import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig, type ConfigError } from '../src/config.ts';
import { faultsOf } from '../src/providers/index.ts';
import { runCommand } from './support/command.ts';
import { FINGERPRINT_KEY_TEXT } from './support/fingerprint-key.ts';
import { signingKeys } from './support/signing-keys.ts';
import { tokenSettings } from './support/tokens.ts';

const ROLE = 'query Role { viewer { role } }';
const CUSTOMER = 'query Customer($id: ID!) { customer(id: $id) { id } }';

const INTEGRATIONS = [
  { id: 'vpn', provider: 'VPN', settings: { baseUrl: 'https://vpn.test', token: { env: 'VPN_TOKEN' } } },
];

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

let folder: string;
/** Settings that are good but for the file. */
let settings: Record<string, string>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'customer-gateway-persisted-'));
  const files = {
    INTEGRATIONS_FILE: JSON.stringify(INTEGRATIONS),
    AUTH_PUBLIC_KEY_FILE: (tokenSettings.key as { publicKey: string }).publicKey,
    SIGNING_KEY_FILE: signingKeys,
    FINGERPRINT_KEY_FILE: FINGERPRINT_KEY_TEXT,
  };
  const named = Object.entries(files).map(([variable, content]) => [variable, write(variable, content)]);
  settings = {
    ...Object.fromEntries(named),
    AUTH_ISSUER: 'me',
    AUTH_AUDIENCE: 'you',
    VPN_TOKEN: 'x',
    PORT: '0',
  };
});

afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

const withFile = (content: string) => ({
  ...settings,
  PERSISTED_DOCUMENTS_FILE: write('documents.json', content),
});

const documentsOf = (content: string) => readConfig(faultsOf, withFile(content)).persisted.documents;

/** Such a file, as Apollo's generators write it. */
const manifest = (operations: object[], version = 1): string =>
  JSON.stringify({ format: 'apollo-persisted-query-manifest', version, operations });

describe('a file is read that', () => {
  test('relay-compiler or GraphQL Code Generator has written', () => {
    expect(documentsOf(JSON.stringify({ role: ROLE, format: CUSTOMER }))).toEqual({
      role: ROLE,
      format: CUSTOMER,
    });
  });

  test("Apollo's generators have written", () => {
    const operations = [
      { id: sha256(ROLE), name: 'Role', type: 'query', body: ROLE },
      { id: 'customer', name: 'Customer', type: 'query', body: CUSTOMER, clientName: 'web' },
    ];
    expect(documentsOf(manifest(operations))).toEqual({ [sha256(ROLE)]: ROLE, customer: CUSTOMER });
  });
});

describe('a bad file stops the start', () => {
  test.each<[string, string, string]>([
    ['is no JSON', '{', 'names '],
    ['holds something else', '{"a": 1}', 'a Invalid input: expected string, received number'],
    ['is a list', '[]', ' Invalid input: expected record, received array'],
    ['is a manifest of a version to come', manifest([], 2), 'version Invalid input: expected 1'],
    [
      'is a manifest without a text',
      manifest([{ id: 'a', name: 'A', type: 'query' }]),
      'operations.0.body Invalid input: expected string, received undefined',
    ],
    [
      'is a manifest with an id twice',
      manifest([ROLE, CUSTOMER].map((body) => ({ id: 'a', body }))),
      'operations.1 a is there twice',
    ],
  ])('that %s', (_name, content, line) => {
    let lines: readonly string[] = [];
    try {
      documentsOf(content);
    } catch (error) {
      ({ lines } = error as ConfigError);
    }
    expect(lines).toEqual([expect.stringContaining(`PERSISTED_DOCUMENTS_FILE ${line}`)]);
  });

  test('and every document that would not be answered is named', async () => {
    const file = {
      good: ROLE,
      'x-app:good': ROLE,
      none: '{',
      unknown: '{ nothing }',
      large: `{ viewer { ${'role '.repeat(1_000)} } }`,
      [`sha256:${sha256(CUSTOMER)}`]: ROLE,
      'md5:abc': ROLE,
      '/role': ROLE,
    };
    const { code, err } = await runCommand(['serve'], { folder, env: withFile(JSON.stringify(file)) });
    expect(err.trim().split('\n')).toEqual([
      'PERSISTED_DOCUMENTS_FILE none: Syntax Error: Expected Name, found <EOF>.',
      'PERSISTED_DOCUMENTS_FILE unknown: Cannot query field "nothing" on type "Query".',
      'PERSISTED_DOCUMENTS_FILE large: The document is too large: it has more than 1000 tokens.',
      `PERSISTED_DOCUMENTS_FILE sha256:${sha256(CUSTOMER)} is not the hash of its document`,
      'PERSISTED_DOCUMENTS_FILE md5:abc is not an id: it may have letters, digits, and - . _ ~',
      'PERSISTED_DOCUMENTS_FILE /role is not an id: it may have letters, digits, and - . _ ~',
    ]);
    expect(code).toBe(2);
  });

  test('and so does its absence where nothing else would be answered', async () => {
    const env = { ...settings, PERSISTED_DOCUMENTS_ONLY: 'true' };
    const { code, err } = await runCommand(['serve'], { folder, env });
    expect(code).toBe(2);
    expect(err).toContain('PERSISTED_DOCUMENTS_ONLY needs PERSISTED_DOCUMENTS_FILE');
  });
});
